package io.guestflow.processor.effects;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.cxone.QueryCommand;
import io.guestflow.contracts.cxone.QueryOutcome;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QueryLaneTest {
    private final CommandLane<QueryCommand, QueryOutcome> lane = QueryLane.of((command, delivery) -> {
        throw new AssertionError("nothing is carried out here");
    });

    @Test
    void onlyAFewAreCarriedOutAtOnce() {
        assertEquals(
                QueryLane.AT_ONCE,
                IntStream.range(0, 1_000)
                        .mapToObj(i -> lane.turn().apply(command(i + ".oLHqXvFzGJ0u4y1a9b2c3d")))
                        .distinct()
                        .count());
    }

    @Test
    void whatIsNotCarriedOutIsAnsweredAllTheSame() {
        QueryOutcome late =
                lane.fallback().of(command("q1"), FallbackOutcome.Cause.DEADLINE_EXCEEDED, SessionCommands.NOW);
        assertEquals("q1", lane.answers().apply(late));
        assertEquals(
                new QueryOutcome.CallFailed(
                        "q1",
                        ErrorCode.DEADLINE_EXCEEDED,
                        null,
                        "the deadline passed before CXone could be called",
                        null,
                        0,
                        SessionCommands.NOW),
                late);
    }

    private static QueryCommand command(String id) {
        return new QueryCommand.MeasureConversations(id, List.of("c1"), SessionCommands.FAR);
    }
}
