# Shares and standard errors by R's survey package, for estimates.py: FOLDER N ITEMS MEASURED WAY ROUNDS.
suppressMessages(library(survey))
given <- commandArgs(trailingOnly = TRUE)
folder <- given[1]; n <- as.integer(given[2]); items <- as.integer(given[3]); measured <- as.integer(given[4])
way <- given[5]; rounds <- as.integer(given[6])

read <- function(name, what, count, size) readBin(file.path(folder, name), what, count, size)
memory <- function(which) as.numeric(gsub("\\D", "", grep(which, readLines("/proc/self/status"), value = TRUE))) / 1024
seconds <- function() sum(proc.time()[1:2])

frame <- data.frame(stratum = read("stratum", "integer", n, 4), group = read("group", "integer", n, 4),
                    weight = read("weight", "double", n, 8), fpc = read("fpc", "double", n, 8))
answers <- read(if (way == "call") "complete" else "answers", "integer", n * items, 1)
names <- paste0("item", seq_len(measured))
for (place in seq_len(measured)) {
  values <- answers[(place - 1) * n + seq_len(n)]
  frame[[names[place]]] <- as.numeric(ifelse(values < 0, NA, values))
}
rm(answers, values)
start <- seconds()
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~weight, fpc = ~fpc, data = frame)
spent_design <- seconds() - start

estimate <- function(names) {
  formula <- reformulate(names)
  everybody <- svymean(formula, design, na.rm = way == "items")
  groups <- svyby(formula, ~group, design, svymean, na.rm = way == "items")
  list(share = rbind(coef(everybody), matrix(coef(groups), ncol = length(names))),
       se = rbind(c(SE(everybody)), matrix(unlist(SE(groups)), ncol = length(names))))
}

invisible(gc())
cat("5", file = "/proc/self/clear_refs")    # the peak is counted from here
before <- memory("VmRSS")
spent <- numeric(rounds)
for (round in seq_len(rounds)) {
  start <- seconds()
  found <- if (way == "items") lapply(names, estimate) else list(estimate(names))
  spent[round] <- seconds() - start
}
cat(sprintf('{"cpu": %.17g, "design": %.17g, "peak": %.1f}\n', median(spent), spent_design, memory("VmHWM") - before))
for (name in c("share", "se")) {
  writeBin(c(do.call(cbind, lapply(found, `[[`, name))), file.path(folder, paste0("r-", way, "-", name)))
}
