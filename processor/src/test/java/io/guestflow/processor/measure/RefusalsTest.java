package io.guestflow.processor.measure;

import static io.guestflow.processor.measure.Given.START;
import static io.guestflow.processor.measure.Given.figures;
import static io.guestflow.processor.measure.Given.subject;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.cxone.ConversationFigures;
import io.guestflow.contracts.cxone.PagingFault;
import io.guestflow.contracts.cxone.QueryOutcome;
import io.guestflow.processor.measure.Refusals.Meant;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** For whom a refusal is. */
class RefusalsTest {
    private static final QueryOutcome FORBIDDEN = failed(ErrorCode.UPSTREAM_FORBIDDEN, 403);
    private static final List<Subject> BOTH = List.of(subject("a"), subject("b"));

    private final Refusals refusals = new Refusals();

    @ParameterizedTest
    @CsvSource({
        "UPSTREAM_REJECTED, 400, ONE",
        "UPSTREAM_REJECTED, 404, ONE",
        "UPSTREAM_REJECTED, , ALL",
        "UPSTREAM_FORBIDDEN, 403, ONE_UNTOLD",
        "UPSTREAM_UNAUTHORIZED, 401, ALL",
        "UPSTREAM_UNAUTHORIZED, , NOBODY",
        "UPSTREAM_ERROR, 503, NOBODY",
        "RATE_LIMITED, , NOBODY",
        "UPSTREAM_UNAVAILABLE, , NOBODY",
        "DEADLINE_EXCEEDED, , NOBODY",
    })
    void itIsForOneOrForAll(ErrorCode code, @Nullable Integer status, Meant meant) {
        assertEquals(meant, meant(failed(code, status)));
    }

    @Test
    void aPageThatCannotBeReadMayBeOneConversationsFault() {
        assertEquals(Meant.ONE_UNTOLD, meant(part(PagingFault.UNREADABLE_PAGE)));
        assertEquals(Meant.NOBODY, meant(part(PagingFault.UNREADABLE_PAGE, figures("a"))));
        assertEquals(Meant.NOBODY, meant(part(PagingFault.UNREADABLE_ROW)));
    }

    @Test
    void manySingleOnesInARowAreForAllUntilSomethingIsAnswered() {
        for (int i = 1; i < Refusals.FOR_ALL; i++) {
            assertEquals(Meant.ONE_UNTOLD, meant(FORBIDDEN));
            meant(failed(ErrorCode.UPSTREAM_ERROR, 503));
        }
        assertEquals(Meant.ALL, meant(FORBIDDEN));
        assertEquals(Meant.ALL, meant(failed(ErrorCode.UPSTREAM_REJECTED, 400)));
        assertEquals(Meant.ALL, refusals.meant(BOTH, FORBIDDEN, START));
        refusals.meant(BOTH, new QueryOutcome.Measured("1.x", List.of(), 1, 1, START), START);
        assertEquals(Meant.ONE_UNTOLD, meant(FORBIDDEN));
    }

    /** A batch is refused for any of its conversations, and one that was refused before is refused again. */
    @Test
    void onlyWhoIsAskedForByItselfForTheFirstTimeTells() {
        for (int i = 0; i < 3 * Refusals.FOR_ALL; i++) {
            assertEquals(Meant.ONE_UNTOLD, refusals.meant(BOTH, FORBIDDEN, START));
            assertEquals(Meant.ONE_UNTOLD, refusals.meant(List.of(subject("a").alone()), FORBIDDEN, START));
        }
    }

    /** So many of one kind may have ended in a row: those who end later must not pay for them for ever. */
    @Test
    void thatAllAreMeantIsBelievedForAWhile() {
        for (int i = 0; i < Refusals.FOR_ALL; i++) {
            meant(FORBIDDEN);
        }
        Instant later = START.plus(Refusals.BELIEVED);
        assertEquals(Meant.ALL, refusals.meant(BOTH, FORBIDDEN, later.minusMillis(1)));
        assertEquals(Meant.ONE_UNTOLD, refusals.meant(BOTH, FORBIDDEN, later));
    }

    private Meant meant(QueryOutcome outcome) {
        return refusals.meant(List.of(subject("a")), outcome, START);
    }

    private static QueryOutcome failed(ErrorCode code, @Nullable Integer status) {
        return new QueryOutcome.CallFailed("1.x", code, status, "no", null, 1, START);
    }

    private static QueryOutcome part(PagingFault fault, ConversationFigures... told) {
        return new QueryOutcome.MeasuredInPart("1.x", List.of(told), fault, List.of(), null, "m", null, 1, 1, START);
    }
}
