library(survey)
args <- commandArgs(TRUE)
one <- function(survey, d, question, code, part, keep) {
  s <- subset(d, keep); s$variables$.y <- as.numeric(s$variables[[question]] == code)
  m <- svymean(~.y, s); ci <- as.vector(attr(svyciprop(~.y, s, method = "xlogit", df = degf(s)), "ci"))
  data.frame(survey, question, code, part, n = nrow(s$variables), share = coef(m)[[1]], se = SE(m)[[1]], low = ci[1], high = ci[2])
}
rows <- list()
b <- read.csv(file.path(args[1], "barometer.csv"))
d <- svydesign(id = ~psu_id, strata = ~stratum, weights = ~wt_final, data = b, nest = TRUE)
for (q in c("Q1", paste0("Q2", letters[1:4]), paste0("Q3_", 1:5), "Q6")) for (code in sort(unique(b[[q]])))
  for (p in 0:3) { keep <- !is.na(b[[q]]) & (p == 0 | b$SECTOR == p) & (code == -99 | b[[q]] != -99); rows[[length(rows) + 1]] <- one("barometer", d, q, code, p, keep) }
k <- read.csv(file.path(args[1], "customers_weights.csv"), check.names = FALSE, fileEncoding = "UTF-8")
d <- svydesign(id = ~1, weights = ~w, data = k)
for (q in setdiff(names(k), "w")) for (code in sort(unique(k[[q]]))) rows[[length(rows) + 1]] <- one("customers", d, q, code, 0, code == "Intet svar" | k[[q]] != "Intet svar")
y <- read.csv(file.path(args[1], "yrbs.csv"))
d <- svydesign(id = ~psu, strata = ~stratum, weights = ~weight, data = y, nest = TRUE)
rows[[length(rows) + 1]] <- one("yrbs", d, "qn8", 1, 0, !is.na(y$qn8))
e <- read.csv(file.path(args[1], "employees.csv")); sets <- as.matrix(e[, grep("^rep[0-9]+$", names(e))])
d <- svrepdesign(variables = e, repweights = sets, weights = e$wt, type = "JK1", combined.weights = TRUE, mse = TRUE)
put <- function(s, x, ci, question, code, part) data.frame(survey = "employees", question, code, part, n = sum(!is.na(s$variables[[question]])), share = coef(x)[[1]], se = SE(x)[[1]], low = ci[1], high = ci[2])
for (p in 0:3) {
  inside <- p == 0 | e$division == p
  for (q in c("q1a", "q1b", "q1c", "q2", "hours", "seniority")) {
    s <- subset(d, inside & !is.na(e[[q]])); f <- as.formula(paste("~", q)); m <- svymean(f, s)
    rows[[length(rows) + 1]] <- put(s, m, as.vector(confint(m, df = degf(s))), q, "mean", p)
  }
  s <- subset(d, inside & !is.na(e$hours)); m <- svytotal(~hours, s); rows[[length(rows) + 1]] <- put(s, m, as.vector(confint(m, df = degf(s))), "hours", "total", p)
  m <- svyratio(~hours, ~seniority, s); rows[[length(rows) + 1]] <- put(s, m, as.vector(confint(m, df = degf(s))), "hours", "ratio", p)
  for (at in c(.25, .5, .75)) { x <- svyquantile(~hours, s, at, df = degf(s))[[1]]
    rows[[length(rows) + 1]] <- data.frame(survey = "employees", question = "hours", code = as.character(at), part = p, n = nrow(s$variables), share = x[1, 1], se = x[1, 4], low = x[1, 2], high = x[1, 3]) }
}
out <- do.call(rbind, rows); for (c in c("share", "se", "low", "high")) out[[c]] <- format(out[[c]], digits = 17, trim = TRUE)
write.csv(out, args[2], row.names = FALSE, quote = TRUE)
