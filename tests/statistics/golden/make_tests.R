# Rscript make_tests.R   (from this folder, on the data that make_golden.R wrote; same packages)
# Further tests: Rao-Scott within a domain, differences to or from 0 and 100 per cent, differences between differences.
source("golden_lib.R")

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
