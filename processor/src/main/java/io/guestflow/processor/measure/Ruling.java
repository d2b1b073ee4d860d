package io.guestflow.processor.measure;

import java.util.List;

/** What an outcome means for a batch. */
sealed interface Ruling {
    /** Each conversation has its own; in the order of the batch. */
    record Each(List<Verdict> verdicts) implements Ruling {
        public Each {
            verdicts = List.copyOf(verdicts);
        }
    }

    /** CXone does not take them together: one of them may be the reason, so they are asked for again in two parts. */
    record Halves(List<Subject> first, List<Subject> second) implements Ruling {
        public Halves {
            first = List.copyOf(first);
            second = List.copyOf(second);
        }

        static Halves of(List<Subject> all) {
            int middle = all.size() / 2;
            return new Halves(all.subList(0, middle), all.subList(middle, all.size()));
        }
    }
}
