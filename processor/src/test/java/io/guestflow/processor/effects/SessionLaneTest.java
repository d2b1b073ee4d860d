package io.guestflow.processor.effects;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.session.SessionCommand;
import io.guestflow.contracts.session.SessionOutcome;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionLaneTest {
    private final CommandLane<SessionCommand, SessionOutcome> lane = SessionLane.of((command, delivery) -> {
        throw new AssertionError("nothing is carried out here");
    });

    @Test
    void contextComesInItsOrder() {
        assertEquals(turn(SessionCommands.inject("i1", "c1")), turn(SessionCommands.inject("i2", "c1")));
        assertNotEquals(turn(SessionCommands.inject("i1", "c1")), turn(SessionCommands.inject("i2", "c2")));
    }

    @Test
    void neitherRefreshNorCloseWaitsBehindContextThatIsTriedAgain() {
        assertEquals(
                3,
                List.of(
                                SessionCommands.inject("i1", "c1"),
                                SessionCommands.refresh("r1", "c1"),
                                SessionCommands.close("x1", "c1"))
                        .stream()
                        .map(this::turn)
                        .distinct()
                        .count());
    }

    @Test
    void whatIsNotCarriedOutIsAnsweredAllTheSame() {
        SessionCommand command = SessionCommands.refresh("r1", "c1");
        SessionOutcome late = lane.fallback().of(command, FallbackOutcome.Cause.DEADLINE_EXCEEDED, SessionCommands.NOW);
        assertEquals("r1", lane.answers().apply(late));
        assertEquals(
                new SessionOutcome.CallFailed(
                        "r1",
                        "c1",
                        ErrorCode.DEADLINE_EXCEEDED,
                        null,
                        "the deadline passed before CXone could be called",
                        null,
                        0,
                        SessionCommands.NOW),
                late);
    }

    private String turn(SessionCommand command) {
        return lane.turn().apply(command);
    }
}
