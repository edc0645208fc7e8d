# Rscript make_designs.R   (from this folder; same packages as make_golden.R)
# Designs in several stages and replicate weights, on data sets of their own; writes data/syn_stages.csv, data/syn_pairs.csv,
# data/syn_reps.csv, designs_more.csv, expected_designs.csv.
source("golden_lib.R"); source("synth_lib.R")
weights <- function(object, ...) if (inherits(object, "svyrep.design")) stats::weights(object, type = "sampling") else stats::weights(object, ...)

# --- answers of n respondents in units that are alike inside: q (4 answers), m1..m3 (0/1), s (scale 0-10), x (a number), kind, sector
answer <- function(unit, n) {
  u <- rnorm(max(unit), 0, .7)[unit]; z <- function() u + rnorm(n)
  cutq <- cut(z(), c(-Inf, -1, 0, 1.2, Inf), labels = c("a", "b", "c", "d"))
  s <- pmin(10, pmax(0, round(6 + 2 * z()))); s[runif(n) < .05] <- NA
  x <- round(exp(3 + .8 * z()), 1); x[runif(n) < .08] <- NA
  m <- sapply(c(.8, 0, -.9), function(k) as.integer(z() > k)); colnames(m) <- c("m1", "m2", "m3")
  q <- as.character(cutq); q[runif(n) < .04] <- NA
  data.frame(q = q, m, s = s, x = x, kind = sample(c("k1", "k2", "k3"), n, TRUE), sector = sample(c("A", "B", "C"), n, TRUE, c(.5, .3, .2)))
}
# Three stages: schools in strata (one stratum with all of its schools), classes in schools (in some all, in one stratum a single one),
# pupils in classes (in some all).
gen_stages <- function(seed) {
  set.seed(seed); rows <- list(); no <- 0
  N1 <- c(4, 30, 18, 55); n1 <- c(4, 5, 6, 7)
  for (h in 1:4) for (i in seq_len(n1[h])) {
    N2 <- sample(3:6, 1); n2 <- if (i == 1) N2 else sample(2:min(4, N2), 1)
    for (j in seq_len(n2)) {
      N3 <- sample(5:14, 1); n3 <- if (j == 1 && i %% 2) N3 else sample(3:5, 1); no <- no + 1
      rows[[no]] <- data.frame(stratum = paste0("h", h), school = i, class = j, N1 = N1[h], N2 = N2, N3 = N3,
        w = round(N1[h] / n1[h] * N2 / n2 * N3 / n3 * runif(n3, .9, 1.15), 4), unit = no)
    }
  }
  d <- do.call(rbind, rows); d <- cbind(id = seq_len(nrow(d)), d, answer(d$unit, nrow(d))); d$unit <- NULL
  d$one_class <- d$class; d$one_class[d$stratum == "h3" & d$school == 2] <- 1; d
}
gen_reps <- function(seed, units, size) {
  set.seed(seed); k <- sum(units); m <- sample(size, k, TRUE)
  unit <- rep(seq_len(k), m); h <- rep(rep(seq_along(units), units), m)
  d <- data.frame(id = seq_along(unit), stratum = sprintf("s%02d", h), psu = unit, w = round(exp(rnorm(length(unit), 2.2, .4)), 3))
  cbind(d, answer(unit, nrow(d)))
}
# --- sets of weights made by survey, then written and read as a file would have them
add_sets <- function(d, prefix, type, ...) {
  des <- as.svrepdesign(svydesign(ids = ~psu, strata = if (type == "JK1") NULL else ~stratum, weights = ~w, data = d, nest = TRUE), type = type, compress = FALSE, ...)
  sets <- round(matrix(as.numeric(stats::weights(des, type = "analysis")), nrow(d)), 4); colnames(sets) <- sprintf("%s%02d", prefix, seq_len(ncol(sets)))
  SCALES[[prefix]] <<- list(scale = des$scale, rscales = if (type == "JKn") des$rscales else rep(1, ncol(sets)))
  cbind(d, sets)
}
SCALES <- list()
stages <- gen_stages(20261128); wcsv(stages, "data/syn_stages.csv")
set.seed(20261129); pairs <- gen_reps(20261129, rep(2, 11), 6:12)
pairs <- add_sets(pairs, "brr", "BRR"); pairs <- add_sets(pairs, "fay", "Fay", fay.rho = .3); wcsv(pairs, "data/syn_pairs.csv")
set.seed(20261130); reps <- gen_reps(20261130, c(2, 3, 5, 4, 2, 3), 7:13)
reps <- add_sets(reps, "jk", "JK1"); reps <- add_sets(reps, "jkn", "JKn"); reps <- add_sets(reps, "boot", "subbootstrap", replicates = 24); wcsv(reps, "data/syn_reps.csv")

R <- function(prefix, type, mse, rho = "") list(ids = "", strata = "", weights = "w", fpc = "", lonely = "", nest = FALSE, prefix = prefix, type = type, mse = mse, rho = rho)
make_staged <- make_design
make_design <- function(d, s) {
  if (is.null(s$prefix) || s$prefix == "") return(make_staged(d, s))
  sets <- as.matrix(d[, grep(paste0("^", s$prefix, "[0-9]+$"), names(d))]); one <- SCALES[[s$prefix]]
  more <- switch(s$type, JKn = list(rscales = one$rscales, scale = 1), Fay = list(rho = as.numeric(s$rho)), list())
  do.call(svrepdesign, c(list(variables = d, repweights = sets, weights = d$w, type = s$type, combined.weights = TRUE, mse = isTRUE(as.logical(s$mse))), more))
}
# --- numbers: mean, total, ratio, quantiles, differences of means of disjoint domains
g_numbers <- function(ds, id, des, v, dom, quantiles = c(.1, .25, .5, .75, .9)) {
  d <- des$variables; keep <- dom_mask(d, dom) & !is.na(d[[v]]); sub <- des[keep, ]; n <- as.character(sum(weights(sub) != 0)); df <- degf(sub)
  f <- as.formula(paste("~", v))
  put <- function(what, x, ci, level = "", deff = "") emit(dataset = ds, design = id, statistic = what, variable = v, level = level, domain = dom, n = n, estimate = as.numeric(coef(x))[1],
    se = as.numeric(SE(x))[1], ci_low = ci[1], ci_high = ci[2], ci_method = "wald", conf_level = "0.95", df = as.character(df), df_rule = "domain", deff = deff)
  m <- svymean(f, sub, deff = TRUE); put("mean", m, as.vector(confint(m, df = df)), deff = deff(m)[1])
  t <- svytotal(f, sub); put("sum", t, as.vector(confint(t, df = df)))
  if (v != "s") { sub$variables$.one <- 1 + sub$variables$m1; r <- svyratio(f, ~.one, sub); put("ratio", r, as.vector(confint(r, df = df)), level = "1+m1") }
  for (p in quantiles) {
    x <- svyquantile(f, sub, p, df = df)[[1]]
    emit(dataset = ds, design = id, statistic = "quantile", variable = v, level = as.character(p), domain = dom, n = n, estimate = x[1, 1], ci_low = x[1, 2], ci_high = x[1, 3], se = x[1, 4],
      ci_method = "woodruff", conf_level = "0.95", df = as.character(df), df_rule = "domain", status = "ok")
  }
}
g_means <- function(ds, id, des, v, dom, dom2) {
  d <- des$variables; a <- dom_mask(d, dom) & !is.na(d[[v]]); b <- dom_mask(d, dom2) & !is.na(d[[v]]); keep <- a | b
  x <- des; x$variables$.a <- as.numeric(a); x$variables$.b <- as.numeric(b)
  x$variables$.ya <- ifelse(a, d[[v]], 0); x$variables$.yb <- ifelse(b, d[[v]], 0)
  sub <- x[keep, ]; r <- svyratio(~.ya + .yb, ~.a + .b, sub, covmat = TRUE)
  ct <- svycontrast(r, c(1, 0, 0, -1)); df <- degf(sub); ci <- as.vector(confint(ct, df = df)); t <- coef(ct)[1] / SE(ct)[1]
  emit(dataset = ds, design = id, statistic = "diff_mean", variable = v, domain = dom, domain2 = dom2, n = as.character(sum(weights(sub) != 0)), estimate = coef(ct)[1], se = SE(ct)[1],
    ci_low = ci[1], ci_high = ci[2], ci_method = "wald", conf_level = "0.95", df = as.character(df), df_rule = "base", test = "t", test_statistic = t, p = 2 * pt(-abs(t), df))
}

# --- one test of the means of several disjoint domains: adjusted Wald
g_many <- function(ds, id, des, v, doms) {
  d <- des$variables; K <- length(doms); q <- K - 1; inside <- lapply(doms, function(x) dom_mask(d, x) & !is.na(d[[v]])); x <- des
  for (k in seq_len(K)) { x$variables[[paste0(".d", k)]] <- as.numeric(inside[[k]]); x$variables[[paste0(".n", k)]] <- ifelse(inside[[k]], d[[v]], 0) }
  sub <- x[Reduce(`|`, inside), ]; f <- function(p) as.formula(paste("~", paste0(p, seq_len(K), collapse = "+")))
  r <- svyratio(f(".n"), f(".d"), sub, covmat = TRUE); at <- function(k) (k - 1) * K + k
  ct <- svycontrast(r, setNames(lapply(seq_len(q), function(j) { w <- numeric(K * K); w[at(1)] <- 1; w[at(1 + j)] <- -1; w }), paste0("c", seq_len(q))))
  df <- degf(sub); W <- as.numeric(t(coef(ct)) %*% solve(vcov(ct)) %*% coef(ct)); F <- W * (df - q + 1) / (df * q)
  emit(dataset = ds, design = id, statistic = "means", variable = v, level = paste(doms, collapse = ";"), n = as.character(sum(weights(sub) != 0)), df = as.character(df),
    test = "adjusted Wald", test_statistic = F, ndf = q, ddf = df - q + 1, p = pf(F, q, df - q + 1, lower.tail = FALSE))
}

vars <- list(q = c("a", "b", "c", "d"), m1 = b01 <- c("0", "1"), m2 = b01, m3 = b01)
common <- list(strings = c("stratum", "q", "kind", "sector"), vars = vars, total = "m2", domains = c("", "sector=A", "sector=C", "kind=k1&sector=B"), chisq_domains = c("", "sector=A"),
  pairs = list(list(vars = c("q", "m1"), a = c("sector=A", "sector=A"), b = c("sector=B", "sector=C"))), groups = c("sector", "kind"), vs_total = list(vars = c("q", "m3"), domains = c("sector=A", "kind=k2")))
SEC <- c("sector=A", "sector=B", "sector=C")
specs <- list(
  syn_stages = c(common, list(designs = list(three = D("school+class+id", "stratum", "w", "N1+N2+N3", nest = TRUE), two = D("school+class", "stratum", "w", "N1+N2", nest = TRUE),
    one = D("school", "stratum", "w", "N1", nest = TRUE), replaced = D("school+class", "stratum", "w", "", nest = TRUE),
    lonely = D("school+one_class", "stratum", "w", "N1+N2", lonely = "adjust", nest = TRUE), alone = D("school+one_class", "stratum", "w", "N1+N2", lonely = "certainty", nest = TRUE),
    refused = D("school+one_class", "stratum", "w", "N1+N2", lonely = "fail", nest = TRUE, only = "m1")))),
  syn_pairs = c(common, list(designs = list(brr = R("brr", "BRR", FALSE), brr_mse = R("brr", "BRR", TRUE), fay = R("fay", "Fay", TRUE, ".3")))),
  syn_reps = c(common, list(designs = list(jk1 = R("jk", "JK1", FALSE), jkn = R("jkn", "JKn", TRUE), jkn_mean = R("jkn", "JKn", FALSE), boot = R("boot", "bootstrap", TRUE), boot_mean = R("boot", "bootstrap", FALSE)))))
meta <- list()
for (ds in names(specs)) {
  sp <- specs[[ds]]; run_spec(".", ds, sp); d <- read_data(file.path("data", paste0(ds, ".csv")), sp$strings)
  for (id in names(sp$designs)) {
    s <- sp$designs[[id]]; one <- if (is.null(s$prefix)) list(scale = "", rscales = numeric()) else SCALES[[s$prefix]]
    des <- make_design(d, s); real <- if (is.null(s$prefix)) one else list(scale = des$scale, rscales = one$rscales)
    meta[[length(meta) + 1]] <- data.frame(dataset = ds, design = id, ids = s$ids, strata = s$strata, weights = s$weights, fpc = s$fpc, lonely = s$lonely, type = if (is.null(s$type)) "" else s$type,
      prefix = if (is.null(s$prefix)) "" else s$prefix, rho = if (is.null(s$rho)) "" else s$rho, center = if (is.null(s$mse)) "" else c("mean", "estimate")[1 + s$mse],
      scale = if (is.null(s$prefix)) "" else num(real$scale), rscales = paste(num(real$rscales), collapse = ";"))
    if (id == "refused") next
    for (x in list(c("q", "m1", "sector=A"), c("q", "kind", "sector=B"))) g_chisq(ds, id, des, x[1], x[2], x[3], stats = "F")
    for (x in list(list(c("q", "a", "q=a"), c("q", "a", "")), list(c("q", "a", "q=b"), c("q", "a", "kind=k1")), list(c("q", "d", "q=a"), c("m1", "1", "q=a")))) g_pair(ds, id, d, s, x[[1]], x[[2]])
    for (x in list(list(cells("m1", "1", SEC), cells("m3", "1", SEC)), list(cells("m2", "1", c("kind=k1", "kind=k2")), cells("m3", "1", c("kind=k1", "kind=k2"))))) g_interaction(ds, id, d, s, x[[1]], x[[2]])
    for (v in c("s", "x")) {
      for (dom in c("", "sector=A", "sector=C", "kind=k1&sector=B")) g_numbers(ds, id, des, v, dom)
      for (x in list(c("sector=A", "sector=B"), c("sector=C", ""), c("kind=k1", "sector=A"))) g_means(ds, id, des, v, x[1], x[2])
      g_many(ds, id, des, v, SEC); g_many(ds, id, des, v, c("kind=k1", "kind=k2", "kind=k3"))
    }
  }
}
write.csv(do.call(rbind, meta), "designs_more.csv", row.names = FALSE, quote = FALSE)
message("rows: ", flush_rows("expected_designs.csv"))
