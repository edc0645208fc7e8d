# Rscript make_tests.R   (from this folder, on the data that make_golden.R wrote; same packages)
# Further tests: Rao-Scott within a domain, differences to or from 0 and 100 per cent, differences between differences.
source("golden_lib.R")

stack_rows <- function(d, s, cells) {      # the respondents once for each cell, those outside it kept in the design
  long <- do.call(rbind, lapply(seq_along(cells), function(k) {
    v <- cells[[k]][1]; x <- d
    x$.cell <- k; x$.y <- as.numeric(d[[v]] == cells[[k]][2]); x$.in <- dom_mask(d, cells[[k]][3]) & !is.na(d[[v]]) & d[[s$weights]] != 0
    x
  }))
  ids <- if (s$ids == "") "id" else s$ids
  f <- function(x) if (x == "") NULL else as.formula(paste("~", x))
  options(survey.lonely.psu = if (s$lonely == "") "fail" else s$lonely)
  des <- svydesign(ids = f(ids), strata = f(s$strata), weights = f(s$weights), fpc = f(s$fpc), nest = isTRUE(as.logical(s$nest)), data = long)
  des[long$.in, ]
}
name_cell <- function(cell) paste0(cell[1], "=", cell[2], "@", cell[3])

# --- share against share on the table share x answer; who is in both is a cluster of two rows
g_pair <- function(ds, id, d, s, one, other) {
  sub <- stack_rows(d, s, list(one, other))
  sub$variables$.r <- factor(sub$variables$.y); sub$variables$.c <- factor(sub$variables$.cell)
  x <- svychisq(~.r + .c, sub, statistic = "F")
  emit(dataset = ds, design = id, statistic = "pair", variable = name_cell(one), level = name_cell(other), n = as.character(nrow(sub)),
       df = as.character(degf(sub)), test = "F", test_statistic = x$statistic[1], ndf = x$parameter[["ndf"]], ddf = x$parameter[["ddf"]], p = x$p.value[1])
}
# --- 0 against 100 per cent: Fisher's test, for two items of the same people the sign test, on effective sizes
size <- function(w) floor(sum(w)^2 / sum(w^2) + 1e-9)
g_exact <- function(ds, id, d, s, one, other) {
  inside <- lapply(list(one, other), function(k) dom_mask(d, k[3]) & !is.na(d[[k[1]]]) & d[[s$weights]] != 0)
  w <- d[[s$weights]]; both <- inside[[1]] & inside[[2]]
  if (any(both)) { n <- size(w[both]); p <- binom.test(0, n)$p.value }
  else { m <- sapply(inside, function(i) size(w[i])); n <- sum(m); p <- fisher.test(matrix(c(0, m[1], m[2], 0), 2))$p.value }
  emit(dataset = ds, design = id, statistic = "exact", variable = name_cell(one), level = name_cell(other), n = as.character(n), p = p)
}
# --- do the differences among the first cells equal those among the second? the first of each is the base
g_interaction <- function(ds, id, d, s, first, second) {
  cells <- c(first, second); q <- length(first) - 1
  keep <- Reduce(`|`, lapply(cells, function(k) dom_mask(d, k[3]) & !is.na(d[[k[1]]])))
  x <- d
  for (k in seq_along(cells)) {
    inside <- dom_mask(d, cells[[k]][3]) & !is.na(d[[cells[[k]][1]]])
    x[[paste0(".d", k)]] <- as.numeric(inside); x[[paste0(".n", k)]] <- ifelse(inside, as.numeric(d[[cells[[k]][1]]] == cells[[k]][2]), 0)
  }
  sub <- make_design(x, s)[keep, ]
  K <- length(cells); f <- function(p) as.formula(paste("~", paste0(p, seq_len(K), collapse = "+")))
  r <- svyratio(f(".n"), f(".d"), sub, covmat = TRUE)     # K x K ratios, numerators first; the diagonal is wanted
  at <- function(k) (k - 1) * K + k
  contrasts <- lapply(seq_len(q), function(j) { v <- numeric(K * K); v[at(1)] <- 1; v[at(1 + j)] <- -1; v[at(q + 2)] <- -1; v[at(q + 2 + j)] <- 1; v })
  ct <- svycontrast(r, setNames(contrasts, paste0("c", seq_len(q)))); df <- degf(sub)
  W <- as.numeric(t(coef(ct)) %*% solve(vcov(ct)) %*% coef(ct))
  long <- stack_rows(d, s, cells); long$variables$.set <- factor(long$variables$.cell > length(first)); long$variables$.k <- factor((long$variables$.cell - 1) %% (q + 1))
  other <- regTermTest(svyglm(.y ~ .set * .k, long), ~.set:.k, df = Inf)     # the same by another way
  stopifnot(abs(other$Ftest[1] * q / W - 1) < 1e-6)
  F <- W * (df - q + 1) / (df * q)
  emit(dataset = ds, design = id, statistic = "interaction", variable = paste(sapply(first, name_cell), collapse = ";"), level = paste(sapply(second, name_cell), collapse = ";"),
       n = as.character(sum(weights(sub) != 0)), estimate = if (q == 1) coef(ct)[1] else "", se = if (q == 1) SE(ct)[1] else "", df = as.character(df),
       test = "adjusted Wald", test_statistic = F, ndf = q, ddf = df - q + 1, p = pf(F, q, df - q + 1, lower.tail = FALSE))
}

cells <- function(v, l, doms) lapply(doms, function(d) c(v, l, d))
SEC <- c("sector=A", "sector=B", "sector=C")
specs <- list(
  syn_main = list(designs = c("strat_fpc", "strat"),
    within = list(c("q1", "sector", "size=large"), c("q1", "size", "sector=A"), c("q2", "size", "sector=B"), c("q2", "field", "sector=A"), c("q1", "sector", "sector=A&size=small"), c("m1", "size", "sector=C"), c("m8", "sector", "!size=small")),
    interactions = list(
      list(cells("q1", "a", c("size=small", "size=large")), cells("q1", "e", c("size=small", "size=large"))),
      list(cells("q1", "a", SEC), cells("q2", "yes", SEC)),
      list(cells("m1", "1", SEC), cells("m8", "1", SEC)),
      list(cells("q2", "yes", c("sector=A&size=small", "sector=B&size=small")), cells("q2", "yes", c("sector=A&size=large", "sector=B&size=large"))),
      list(cells("q2", "yes", c("sector=A", "")), cells("m8", "1", c("sector=A", ""))))),
  syn_rare = list(designs = c("strat_fpc", "strat"),
    within = list(c("tab", "sector", "mid=1"), c("zero_in_A", "tab", "sector=A"), c("mid", "tab", "sector=B"), c("zero_in_A", "sector", "mid=1")),
    pairs = list(
      list(c("zero_in_A", "1", "sector=A"), c("zero_in_A", "1", "sector=B")), list(c("zero_in_A", "1", ""), c("zero_in_A", "1", "sector=A")),
      list(c("one_in_B", "1", "sector=B"), c("one_in_B", "1", "sector=D")), list(c("one_in_B", "1", "sector=B"), c("one_in_B", "1", "")),
      list(c("zero_in_A", "1", "sector=A"), c("zero_in_A", "1", "tab=x")), list(c("single", "1", "sector=A"), c("single", "1", "sector=C")),
      list(c("single", "1", "sector=C"), c("single", "1", "sector=D")), list(c("zero", "1", ""), c("mid", "1", "")),
      list(c("one_in_B", "1", "sector=B"), c("mid", "1", "sector=B")), list(c("zero", "1", "sector=C"), c("single", "1", "sector=C"))),
    exact = list(list(c("zero", "1", "sector=A"), c("one", "1", "sector=A")), list(c("tab", "x", "tab=x"), c("tab", "x", "tab=z")),
      list(c("one_in_B", "1", "one_in_B=1&sector=A"), c("one_in_B", "1", "one_in_B=0&sector=A"))),
    interactions = list(list(cells("mid", "1", SEC), cells("tab", "x", SEC)))),
  syn_routing = list(designs = c("strat_fpc", "strat"), within = list(c("sat", "sector", "r1=1"), c("r3", "sat", "sector=A"), c("r2", "sector", "sat=good")),
    pairs = list(list(c("uses", "1", "sat=good"), c("uses", "1", "")), list(c("uses", "1", "r1=0"), c("uses", "1", "sector=B")), list(c("uses", "1", "sat=good"), c("r3", "1", "sat=good"))),
    exact = list(list(c("uses", "1", "uses=0"), c("uses", "1", "uses=1"))),
    interactions = list(list(cells("r2", "1", SEC), cells("r4", "1", SEC)), list(cells("no_s1", "1", c("sector=A", "sector=B")), cells("no_D", "1", c("sector=A", "sector=B"))))),
  syn_cluster = list(designs = c("psu_fpc", "psu"), within = list(c("q", "kind", "sector=A"), c("m1", "kind", "sector=B"), c("q", "sector", "kind=k1")),
    pairs = list(list(c("q", "a", "q=a"), c("q", "a", "")), list(c("q", "a", "q=b"), c("q", "a", "kind=k1"))),
    interactions = list(list(cells("m1", "1", SEC), cells("m3", "1", SEC)), list(cells("m2", "1", c("kind=k1", "kind=k2")), cells("m4", "1", c("kind=k1", "kind=k2"))))),
  syn_weights = list(designs = c("strat_fpc", "strat"), within = list(c("q", "sector", "y1=1"), c("y2", "sector", "q=a")),
    pairs = list(list(c("y1", "1", "y1=1"), c("y1", "1", ""))), exact = list(list(c("y1", "1", "y1=1"), c("y1", "1", "y1=0"))),
    interactions = list(list(cells("y1", "1", SEC), cells("y2", "1", SEC)))),
  syn_sparse = list(designs = c("strat_fpc", "strat"), within = list(c("q", "dom", "y1=1"), c("y1", "y2", "dom=common")),
    interactions = list(list(cells("y1", "1", c("dom=common", "dom=some")), cells("y2", "1", c("dom=common", "dom=some"))))),
  syn_lonely = list(designs = c("adjust", "adjust_nofpc", "certainty"), within = list(c("y3", "half", "grp=odd"), c("y1", "half", "grp=even")),
    pairs = list(list(c("y3", "a", "y3=b"), c("y3", "a", "grp=odd"))),
    interactions = list(list(cells("y1", "1", c("half=u", "half=v")), cells("y2", "1", c("half=u", "half=v")))))
)
designs <- read.csv("designs.csv", colClasses = "character")
for (ds in names(specs)) for (id in specs[[ds]]$designs) {
  sp <- specs[[ds]]; s <- as.list(designs[designs$dataset == ds & designs$design == id, ])
  header <- names(read.csv(file.path("data", paste0(ds, ".csv")), nrows = 1, check.names = FALSE))
  d <- read_data(file.path("data", paste0(ds, ".csv")), setdiff(header, c("id", s$weights, "N_h", "M_h")))
  des <- make_design(d, s)
  for (x in sp$within) g_chisq(ds, id, des, x[1], x[2], x[3], stats = "F")
  for (x in sp$pairs) g_pair(ds, id, d, s, x[[1]], x[[2]])
  for (x in sp$exact) g_exact(ds, id, d, s, x[[1]], x[[2]])
  for (x in sp$interactions) g_interaction(ds, id, d, s, x[[1]], x[[2]])
}
message("rows: ", flush_rows("expected_tests.csv"))
