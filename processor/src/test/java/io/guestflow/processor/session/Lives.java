package io.guestflow.processor.session;

import static io.guestflow.processor.session.Given.LIFETIME;
import static io.guestflow.processor.session.Given.RULES;
import static io.guestflow.processor.session.Given.START;
import static io.guestflow.processor.session.Given.inbound;
import static io.guestflow.processor.session.Given.opened;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.session.SessionCommand.Refresh;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What tests of whole lives share. */
final class Lives {
    static final Instant END = START.plus(LIFETIME);
    /** Longer than anything takes that is due. */
    static final Duration MOMENT = Duration.ofSeconds(2);

    private Lives() {}

    static Refresh refreshing(SessionHarness sessions) {
        sessions.event(opened(START, END));
        sessions.event(inbound("e1", START.plusSeconds(1)));
        sessions.advanceTo(END.minus(RULES.refreshThreshold()).plusSeconds(1));
        sessions.shown();
        return sessions.command(Refresh.class);
    }

    static void restart(SessionHarness sessions, boolean restart) {
        if (restart) {
            sessions.restart();
        }
    }

    static <F extends Fact> F one(List<Fact> facts, Class<F> type) {
        List<F> all = facts.stream().filter(type::isInstance).map(type::cast).toList();
        assertEquals(1, all.size(), type.getSimpleName() + " in " + facts);
        return all.getFirst();
    }

    static long count(List<Fact> facts, Class<? extends Fact> type) {
        return facts.stream().filter(type::isInstance).count();
    }

    static void assertIdsDiffer(List<Fact> facts) {
        // The test driver counts offsets from 0 again in the next process.
        List<Fact> once = facts.stream()
                .filter(fact -> !fact.source().topic().equals(Topics.CXONE_SESSION_OUTCOMES.name()))
                .toList();
        assertEquals(once.size(), once.stream().map(Fact::factId).distinct().count(), "ids of " + once);
    }
}
