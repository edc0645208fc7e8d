# Weights made by R's package survey, and their errors: Rscript make_golden.R in this folder.
# Invented data, drawn with a fixed seed. Writes data.csv, totals.csv, weights.csv, expected.csv, versions.txt.
library(survey)
options(survey.lonely.psu = "fail", digits = 17)
set.seed(20261201)
# R's calibrate inverts with MASS::ginv; all products here have full rank, so solve gives the same.
ginv <- function(x, tol) solve(x)
text <- gsub("MASS::ginv", "ginv", deparse(survey:::grake), fixed = TRUE)
grake <- eval(parse(text = text), list2env(list(ginv = ginv), parent = asNamespace("survey")))
assignInNamespace("grake", grake, "survey")

strata <- expand.grid(sector = c("state", "region", "local"), size = c("small", "large"), stringsAsFactors = FALSE)
strata$stratum <- paste(strata$sector, strata$size, sep = "-")
strata$units <- c(300, 220, 1500, 180, 160, 640)
drawn <- c(30, 30, 60, 40, 35, 45)
d <- strata[rep(seq_len(6), drawn), ]
d$cluster <- unlist(lapply(drawn, function(m) rep(seq_len(ceiling(m / 5)), each = 5)[seq_len(m)]))
d$age <- sample(c("a", "b", "c", "d"), nrow(d), TRUE, c(.4, .3, .2, .1))
d$sex <- ifelse(runif(nrow(d)) < ifelse(d$sector == "local", .65, .45), "f", "m")
lift <- .25 + .1 * (d$sector == "state") + .2 * (d$age %in% c("c", "d")) + .15 * (d$sex == "f")
d$yes <- as.integer(runif(nrow(d)) < lift)
d$points <- 1 + rbinom(nrow(d), 4, lift)
d$start <- d$units / drawn[match(d$stratum, strata$stratum)]
totals <- list(
  sector = data.frame(sector = c("local", "region", "state"), Freq = c(2140, 380, 480)),
  size = data.frame(size = c("large", "small"), Freq = c(980, 2020)),
  age = data.frame(age = c("a", "b", "c", "d"), Freq = c(930, 870, 720, 480)),
  sex = data.frame(sex = c("f", "m"), Freq = c(1580, 1420)))
cells <- aggregate(units ~ sector + size, strata, sum)
names(cells)[3] <- "Freq"

plain <- svydesign(~1, strata = ~stratum, weights = ~start, fpc = ~units, data = d)
clustered <- svydesign(~cluster, strata = ~stratum, weights = ~start, data = d, nest = TRUE)
equal <- svydesign(~1, strata = ~stratum, weights = ~I(3000 / nrow(d) + 0 * start), data = d)
margins <- function(names) lapply(names, function(one) as.formula(paste("~", one)))
raked <- function(design, names) rake(design, margins(names), totals[names],
                                      control = list(maxit = 1000, epsilon = 1e-12))
fitted <- function(design, names, ...) calibrate(design, margins(names), totals[names], epsilon = 1e-13, maxit = 500, ...)
trimmed <- function(design, low, high) {
  mean <- mean(weights(design))
  trimWeights(design, upper = high * mean, lower = low * mean, strict = TRUE)
}
three <- c("sector", "age", "sex")
made <- list(
  post = postStratify(equal, ~sector + size, cells),
  post_age = postStratify(plain, ~age, totals$age),
  rake = raked(plain, three),
  rake_clusters = raked(clustered, three),
  rake_equal = raked(equal, c("sector", "size", "age", "sex")),
  linear = fitted(plain, three),
  linear_bounds = fitted(plain, three, bounds = c(0.7, 1.9)),
  raking = fitted(plain, three, calfun = "raking"),
  raking_clusters = fitted(clustered, three, calfun = "raking"),
  logit = fitted(plain, three, calfun = "logit", bounds = c(0.5, 2.5)),
  rake_trim = trimmed(raked(plain, three), 0.5, 2),
  rake_trim_rake = raked(trimmed(raked(plain, three), 0.5, 2), three),
  post_linear = fitted(postStratify(equal, ~sector + size, cells), c("age", "sex")))

rows <- list()
add <- function(recipe, statistic, domain, estimate, se)
  rows[[length(rows) + 1]] <<- data.frame(recipe, statistic, domain, estimate = as.numeric(estimate), se = as.numeric(se))
for (recipe in names(made)) {
  design <- made[[recipe]]
  for (domain in c("all", "sector=region", "age=c")) {
    part <- strsplit(domain, "=")[[1]]
    inside <- if (domain == "all") rep(TRUE, nrow(d)) else d[[part[1]]] == part[2]
    seen <- subset(design, inside)
    for (one in c("yes", "points")) {
      found <- svymean(as.formula(paste("~", one)), seen)
      add(recipe, c(yes = "share", points = "mean")[[one]], domain, coef(found), SE(found))
    }
  }
  apart <- update(design, f = as.numeric(sex == "f"), m = as.numeric(sex == "m"), yf = yes * f, ym = yes * m)
  ratios <- svyratio(~yf + ym, ~f + m, apart, covmat = TRUE)
  found <- svycontrast(ratios, list(c(1, 0, 0, -1)))
  add(recipe, "difference", "sex=f mod sex=m", coef(found), SE(found))
}
write <- function(table, name) {
  for (one in names(table)) if (is.numeric(table[[one]])) table[[one]] <- sprintf("%.17g", table[[one]])
  write.csv(table, name, row.names = FALSE, quote = FALSE)
}
write(d[c("stratum", "sector", "size", "cluster", "age", "sex", "yes", "points")], "data.csv")
write(strata[c("stratum", "sector", "size", "units")], "population.csv")
write(do.call(rbind, lapply(names(totals), function(one)
  data.frame(variable = one, answer = totals[[one]][[1]], units = totals[[one]]$Freq))), "totals.csv")
write(data.frame(lapply(made, weights, type = "sampling")), "weights.csv")
write(do.call(rbind, rows), "expected.csv")
writeLines(c(R.version.string, paste("survey", packageVersion("survey"))), "versions.txt")
