package io.guestflow.processor.effects.cxone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.guestflow.processor.effects.cxone.Paging.Position;
import io.guestflow.processor.effects.cxone.Paging.Step;
import io.guestflow.processor.effects.cxone.Paging.Turned;
import io.guestflow.processor.effects.cxone.Profile.DetailsCall;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** After each page one decision: go on, done, or at fault. */
class PagingTest {
    private static final int MOST = 3;
    private static final DetailsCall TOKENS =
            new DetailsCall("/q", Profile.Paging.TOKEN, 2, MOST, Duration.ofSeconds(1));
    private static final DetailsCall NUMBERS =
            new DetailsCall("/q", Profile.Paging.NUMBER, 2, MOST, Duration.ofSeconds(1));
    private static final Step COMPLETE = new Step.Done(new Details.End.Complete());

    @Test
    void aPageWithATokenLeadsToTheNextAndOneWithoutIsTheLast() {
        Turned first = Paging.begin(TOKENS, List.of("a", "b", "c")).turn(page("t1", "a"));
        assertEquals(new Step.GoOn(new Position.Token("t1")), first.step());
        Turned second = first.paging().turn(page(null, "b"));
        assertEquals(COMPLETE, second.step());
        assertEquals(List.of("a", "b"), ids(second));
    }

    @Test
    void nothingAtAllIsAnAnswerToo() {
        assertEquals(
                COMPLETE, Paging.begin(TOKENS, List.of("a")).turn(page(null)).step());
        assertEquals(
                COMPLETE, Paging.begin(NUMBERS, List.of("a")).turn(numbered(0)).step());
    }

    @Test
    void whoeverHasEverythingAsksForNoMore() {
        Turned all = Paging.begin(TOKENS, List.of("a", "b")).turn(page("t1", "b", "a"));
        assertEquals(COMPLETE, all.step());
        assertEquals(List.of("b", "a"), ids(all));
    }

    @Test
    void whatNobodyAskedForIsLeftOutAndTheFirstOfTwoCounts() {
        Turned turned = Paging.begin(TOKENS, List.of("a", "b", "c")).turn(page("t", "x", "b", "a", "a"));
        assertEquals(List.of("b", "a"), ids(turned));
    }

    @Test
    void uuidsMayComeInAnotherCaseAndNothingElseMay() {
        String upper = "6F9619FF-8B86-D011-B42D-00C04FC964FF";
        String lower = upper.toLowerCase(Locale.ROOT);
        Turned turned = Paging.begin(TOKENS, List.of(upper, "conv-a", "CONV-A")).turn(page("t", lower, "conv-a"));
        assertEquals(List.of(upper, "conv-a"), ids(turned));
        Turned both = Paging.begin(TOKENS, List.of(upper, lower)).turn(page(null, lower, upper));
        assertEquals(List.of(lower, upper), ids(both), "two that differ by nothing else are two");
        assertEquals(
                List.of("CONV-A"), ids(Paging.begin(TOKENS, List.of("CONV-A")).turn(page(null, "conv-a", "CONV-A"))));
    }

    @Test
    void whatMayBeOnARowThatCannotBeReadIsNotMissing() {
        DetailsPage page = new DetailsPage(rows("a"), 1, List.of(), null, null);
        assertEquals(
                fault(PageFault.UNREADABLE_ROW),
                Paging.begin(TOKENS, List.of("a", "b")).turn(page).step());
        assertEquals(
                COMPLETE, Paging.begin(TOKENS, List.of("a")).turn(page).step(), "it was of nobody who was asked for");
        Turned earlier =
                Paging.begin(TOKENS, List.of("a", "b")).turn(new DetailsPage(rows("a"), 1, List.of(), "t1", null));
        assertEquals(
                fault(PageFault.UNREADABLE_ROW),
                earlier.paging().turn(page(null)).step());
    }

    @Test
    void aRowThatTellsWhoseItIsIsOfNobodyElse() {
        Paging paging = Paging.begin(TOKENS, List.of("a", "b", "c"));
        Turned turned = paging.turn(new DetailsPage(rows("a"), 2, List.of("x", "b"), null, null));
        assertEquals(new Step.Done(new Details.End.Unreadable(List.of("b"))), turned.step());
        Turned ofNobody = paging.turn(new DetailsPage(rows("a"), 1, List.of("x"), null, null));
        assertEquals(COMPLETE, ofNobody.step());
        Turned twice = paging.turn(new DetailsPage(rows("a", "b"), 1, List.of("b"), null, null));
        assertEquals(COMPLETE, twice.step(), "another row of it could be read");
        Turned both = paging.turn(new DetailsPage(rows("a"), 2, List.of("b"), null, null));
        assertEquals(fault(PageFault.UNREADABLE_ROW), both.step(), "one of them is of nobody knows whom");
    }

    @Test
    void aTokenThatWasSeenIsACircle() {
        Paging paging = Paging.begin(TOKENS, List.of("a", "b"));
        Turned first = paging.turn(page("t1", "a"));
        assertEquals(
                fault(PageFault.REPEATED_PAGE),
                first.paging().turn(page("t1", "x")).step());
        // A longer one too.
        Turned second = first.paging().turn(page("t2", "x"));
        assertEquals(
                fault(PageFault.REPEATED_PAGE),
                second.paging().turn(page("t1", "x")).step());
    }

    @Test
    void aPageWithNothingOnItMayNotPromiseMore() {
        assertEquals(
                fault(PageFault.EMPTY_PAGE),
                Paging.begin(TOKENS, List.of("a")).turn(page("t1")).step());
        assertEquals(
                fault(PageFault.EMPTY_PAGE),
                Paging.begin(NUMBERS, List.of("a")).turn(numbered(1)).step());
        // Rows that cannot be read are rows.
        assertEquals(
                new Step.GoOn(new Position.Token("t1")),
                Paging.begin(TOKENS, List.of("a"))
                        .turn(new DetailsPage(List.of(), 1, List.of(), "t1", null))
                        .step());
    }

    @Test
    void pagesHaveABound() {
        Turned turned = Paging.begin(TOKENS, List.of("a", "b")).turn(page("t1", "a"));
        turned = turned.paging().turn(page("t2", "x"));
        assertEquals(new Step.GoOn(new Position.Token("t2")), turned.step());
        turned = turned.paging().turn(page("t3", "x"));
        assertEquals(fault(PageFault.TOO_MANY_PAGES), turned.step());
        assertEquals(List.of("a"), ids(turned), "what was read is kept");
        Turned last = turned.paging().turn(page(null, "b"));
        assertEquals(COMPLETE, last.step());
    }

    @Test
    void numberedPagesEndWithTheTotal() {
        Turned first = Paging.begin(NUMBERS, List.of("a", "b", "c")).turn(numbered(3, "a", "b"));
        assertEquals(new Step.GoOn(new Position.Numbered(2)), first.step());
        assertEquals(COMPLETE, first.paging().turn(numbered(3, "c")).step());
    }

    @Test
    void numberedPagesHaveTheSameBound() {
        Turned turned = Paging.begin(NUMBERS, List.of("a", "b", "c", "d")).turn(numbered(99, "a"));
        turned = turned.paging().turn(numbered(99, "b"));
        assertEquals(new Step.GoOn(new Position.Numbered(3)), turned.step());
        turned = turned.paging().turn(numbered(99, "c"));
        assertEquals(fault(PageFault.TOO_MANY_PAGES), turned.step());
        assertEquals(List.of("a", "b", "c"), ids(turned), "what was read is kept");
    }

    @Test
    void aNumberedPageThatComesAgainIsACircle() {
        Turned first = Paging.begin(NUMBERS, List.of("a", "b", "c")).turn(numbered(9, "a", "b"));
        assertEquals(
                fault(PageFault.REPEATED_PAGE),
                first.paging().turn(numbered(9, "a", "b")).step());
        // Where the total is a multiple of the page, its rows come to the total.
        Turned even = Paging.begin(NUMBERS, List.of("a", "b", "c", "d")).turn(numbered(4, "a", "b"));
        assertEquals(
                fault(PageFault.REPEATED_PAGE),
                even.paging().turn(numbered(4, "a", "b")).step());
    }

    @Test
    void aNewBeginningHasNoPagesOfItsOwn() {
        CallFailure forgotten = new CallFailure.Rejected(400);
        Turned turned = Paging.begin(TOKENS, List.of("a", "b", "c")).turn(page("t1", "x"));
        turned = turned.paging().turn(page("t2", "y"));
        Turned again = turned.paging().refused(new Position.Token("t2"), forgotten);
        assertEquals(new Step.GoOn(new Position.First()), again.step());
        assertEquals(
                fault(PageFault.TOO_MANY_PAGES),
                again.paging().turn(page("t3", "a")).step());
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 410, 422})
    void aTokenThatIsForgottenIsWorthOneNewBeginning(int status) {
        CallFailure forgotten = new CallFailure.Rejected(status);
        Turned first = Paging.begin(TOKENS, List.of("a", "b", "c")).turn(page("t1", "a"));
        Turned again = first.paging().refused(new Position.Token("t1"), forgotten);
        assertEquals(new Step.GoOn(new Position.First()), again.step());
        // The same token is a new one now, and what was found stays.
        Turned anew = again.paging().turn(page("t1", "b"));
        assertEquals(new Step.GoOn(new Position.Token("t1")), anew.step());
        assertEquals(List.of("a", "b"), ids(anew));
        Turned end = anew.paging().refused(new Position.Token("t1"), forgotten);
        assertEquals(fault(PageFault.PAGE_TOKEN_EXPIRED), end.step());
        assertEquals(List.of("a", "b"), ids(end));
    }

    @ParameterizedTest
    @MethodSource("endings")
    void otherFailuresEndIt(Position at, CallFailure failure) {
        Turned end = Paging.begin(TOKENS, List.of("a", "b"))
                .turn(page("t1", "a"))
                .paging()
                .refused(at, failure);
        assertEquals(
                failure,
                assertInstanceOf(
                                Details.End.Failed.class,
                                assertInstanceOf(Step.Done.class, end.step()).end())
                        .failure());
        assertEquals(List.of("a"), ids(end));
    }

    static Stream<Arguments> endings() {
        Position token = new Position.Token("t1");
        return Stream.of(
                Arguments.of(token, new CallFailure.Rejected(409)),
                Arguments.of(token, new CallFailure.Forbidden()),
                Arguments.of(token, new CallFailure.RateLimited(Duration.ofSeconds(3))),
                Arguments.of(token, new CallFailure.DeadlinePassed()),
                Arguments.of(token, new CallFailure.UpstreamError(503, CallFailure.Cause.SERVER_ERROR)),
                Arguments.of(new Position.Numbered(2), new CallFailure.Rejected(400)),
                Arguments.of(new Position.First(), new CallFailure.Rejected(400)));
    }

    private static Step fault(PageFault fault) {
        return new Step.Done(new Details.End.Faulty(fault));
    }

    private static List<String> ids(Turned turned) {
        return turned.paging().conversations().stream()
                .map(ConversationDetails::conversationId)
                .toList();
    }

    private static DetailsPage page(@Nullable String next, String... ids) {
        return new DetailsPage(rows(ids), 0, List.of(), next, null);
    }

    private static DetailsPage numbered(int total, String... ids) {
        return new DetailsPage(rows(ids), 0, List.of(), null, total);
    }

    private static List<ConversationDetails> rows(String... ids) {
        return Stream.of(ids)
                .map(id -> new ConversationDetails(id, null, null, 1_000, 2))
                .toList();
    }
}
