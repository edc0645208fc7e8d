# Changes between two rounds by R's package survey: Rscript make_golden.R in this folder.
# Invented data, drawn with a fixed seed. Writes data.csv, expected.csv, versions.txt.
library(survey)
options(survey.lonely.psu = "fail", digits = 17)
set.seed(20261202)
strata <- data.frame(stratum = c("a", "b", "c"), units = c(400, 900, 250))
one <- function(round, drawn, lift, ids) {
  d <- strata[rep(1:3, drawn), ]
  d$round <- round
  d$id <- unlist(lapply(1:3, function(s) paste0(strata$stratum[s], ids[[s]])))
  d$weight <- d$units / drawn[match(d$stratum, strata$stratum)] * runif(nrow(d), 0.7, 1.3)
  d$yes <- as.integer(runif(nrow(d)) < lift)
  d
}
first <- one(1, c(40, 60, 30), 0.4, list(1:40, 1:60, 1:30))
second <- one(2, c(45, 55, 30), 0.5, list(11:55, 6:60, 1:30))
kept <- match(second$id, first$id)  # half of those asked again answer as before
again <- !is.na(kept) & runif(nrow(second)) < 0.5
second$yes[again] <- first$yes[kept[again]]
d <- rbind(first, second)
d$r1 <- as.numeric(d$round == 1); d$r2 <- 1 - d$r1
d$y1 <- d$yes * d$r1; d$y2 <- d$yes * d$r2
d$both <- paste(d$round, d$stratum)
designs <- list(
  independent = svydesign(~1, strata = ~both, weights = ~weight, fpc = ~units, data = d),
  uncorrected = svydesign(~1, strata = ~both, weights = ~weight, data = d),
  panel = svydesign(~id, strata = ~stratum, weights = ~weight, data = d))
rows <- lapply(names(designs), function(name) {
  design <- designs[[name]]
  ratios <- svyratio(~y1 + y2, ~r1 + r2, design, covmat = TRUE)
  found <- svycontrast(ratios, list(c(-1, 0, 0, 1)))
  se <- as.numeric(SE(found)); t <- as.numeric(coef(found)) / se; df <- degf(design)
  data.frame(design = name, difference = as.numeric(coef(found)), se = se, df = df, p = 2 * pt(-abs(t), df))
})
write <- function(table, name) {
  for (one in names(table)) if (is.numeric(table[[one]])) table[[one]] <- sprintf("%.17g", table[[one]])
  write.csv(table, name, row.names = FALSE, quote = FALSE)
}
write(d[c("round", "id", "stratum", "units", "weight", "yes")], "data.csv")
write(do.call(rbind, rows), "expected.csv")
writeLines(c(R.version.string, paste("survey", packageVersion("survey"))), "versions.txt")
