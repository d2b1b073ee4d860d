package io.guestflow.processor.measure;

import static io.guestflow.processor.measure.Given.START;
import static io.guestflow.processor.measure.Given.figures;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.cxone.ConversationFigures;
import io.guestflow.contracts.cxone.PagingFault;
import io.guestflow.contracts.cxone.QueryOutcome;
import io.guestflow.processor.measure.Refusals.Meant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** For whom a refusal is. */
class RefusalsTest {
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
        assertEquals(meant, refusals.meant(failed(code, status)));
    }

    @Test
    void aPageThatCannotBeReadMayBeOneConversationsFault() {
        assertEquals(Meant.ONE_UNTOLD, refusals.meant(part(PagingFault.UNREADABLE_PAGE)));
        assertEquals(Meant.NOBODY, refusals.meant(part(PagingFault.UNREADABLE_PAGE, figures("a"))));
        assertEquals(Meant.NOBODY, refusals.meant(part(PagingFault.UNREADABLE_ROW)));
    }

    @Test
    void manyInARowAreForAllUntilSomethingIsAnswered() {
        QueryOutcome forbidden = failed(ErrorCode.UPSTREAM_FORBIDDEN, 403);
        for (int i = 1; i < Refusals.FOR_ALL; i++) {
            assertEquals(Meant.ONE_UNTOLD, refusals.meant(forbidden));
            refusals.meant(failed(ErrorCode.UPSTREAM_ERROR, 503));
        }
        assertEquals(Meant.ALL, refusals.meant(forbidden));
        assertEquals(Meant.ALL, refusals.meant(failed(ErrorCode.UPSTREAM_REJECTED, 400)));
        refusals.meant(new QueryOutcome.Measured("1.x", List.of(), 1, 1, START));
        assertEquals(Meant.ONE_UNTOLD, refusals.meant(forbidden));
    }

    private static QueryOutcome failed(ErrorCode code, @Nullable Integer status) {
        return new QueryOutcome.CallFailed("1.x", code, status, "no", null, 1, START);
    }

    private static QueryOutcome part(PagingFault fault, ConversationFigures... told) {
        return new QueryOutcome.MeasuredInPart("1.x", List.of(told), fault, null, "m", null, 1, 1, START);
    }
}
