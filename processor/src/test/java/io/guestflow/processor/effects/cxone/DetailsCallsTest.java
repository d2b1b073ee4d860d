package io.guestflow.processor.effects.cxone;

import static io.guestflow.processor.effects.cxone.CxoneTestbed.guest;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.processor.effects.cxone.Profile.DetailsCall;
import io.guestflow.processor.sandbox.cxone.DetailsFault;
import io.guestflow.processor.sandbox.cxone.Endpoint;
import io.guestflow.processor.sandbox.cxone.Fault;
import io.guestflow.processor.sandbox.cxone.Received;
import io.guestflow.processor.sandbox.cxone.RetryAfter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.node.JsonNodeFactory;

/** The details query over real HTTP, against every way in which pages do not fit together. */
@Timeout(60)
final class DetailsCallsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MOST_PAGES = 5;

    /** What the client's clock is ahead of the machine's. */
    private volatile Duration ahead = Duration.ZERO;

    private final CxoneTestbed bed = new CxoneTestbed()
            .callTimeout(Duration.ofSeconds(10))
            .clock(() -> Instant.now().plus(ahead));

    @AfterEach
    void stop() {
        bed.close();
    }

    @Test
    void figuresAreThoseOfTheConversations() {
        CxoneClient client = client(Profile.Paging.TOKEN);
        List<String> ids = ended(client, 2);
        bed.simulator.wrote(ids.getFirst(), 7);
        Details details = client.details().details(ids, background());
        assertEquals(new Details.End.Complete(), details.end());
        assertEquals(1, details.pages());
        assertEquals(1, details.calls());
        for (String id : ids) {
            var truth = bed.simulator.conversation(id);
            assertNotNull(truth);
            ConversationDetails told = found(details, id);
            assertEquals(truth.createdAt(), told.startedAt());
            assertEquals(truth.endsAt(), told.endedAt());
            assertEquals(Duration.between(truth.createdAt(), truth.endsAt()).toMillis(), told.durationMs());
            assertEquals(id.equals(ids.getFirst()) ? 7 : 0, told.messages());
        }
        Received request = bed.simulator.lastReceived(Endpoint.QUERY);
        assertTrue(request.body().contains("\"field\":\"conversation.id\""), request::body);
        assertTrue(request.headers().get("authorization").startsWith("Bearer "));
        assertFalse(request.headers().containsKey("idempotency-key"), "a question repeats nothing");
        assertEquals(1, bed.metered("details", "success"));
    }

    @Test
    void oneThatGoesOnHasNoEnd() {
        CxoneClient client = client(Profile.Paging.TOKEN);
        String id = open(client, "guest-1");
        ConversationDetails told = found(client.details().details(List.of(id), background()), id);
        assertNotNull(told.startedAt());
        assertNull(told.endedAt());
    }

    @Test
    void whatIsNotThereYetIsLeftOut() {
        CxoneClient client = client(Profile.Paging.TOKEN);
        List<String> ids = ended(client, 2);
        bed.simulator.detailsNever(List.of(ids.getFirst()));
        Details details = client.details().details(ids, background());
        assertEquals(new Details.End.Complete(), details.end());
        assertEquals(List.of(ids.getLast()), found(details));
        bed.simulator.detailsNever(List.of()).detailsAfter(Duration.ofHours(1));
        assertEquals(List.of(), found(client.details().details(ids, background())));
    }

    @ParameterizedTest
    @EnumSource
    void severalPagesAreReadToTheirEnd(Profile.Paging paging) {
        CxoneClient client = client(paging);
        List<String> ids = ended(client, 5);
        bed.simulator.detailsPageSize(paging == Profile.Paging.TOKEN ? 2 : Integer.MAX_VALUE);
        Details details = client.details().details(ids, background());
        assertEquals(new Details.End.Complete(), details.end());
        assertEquals(3, details.pages());
        assertEquals(3, details.calls());
        assertEquals(ids.stream().sorted().toList(), found(details));
    }

    @Test
    void theProfileWithPageNumbersAsksForPagesByTheirNumbers() {
        CxoneClient client = bed.client(speaking(Profile.TUTORIAL_PAGE_NUMBERS));
        List<String> ids = ended(client, 5);
        Details details = client.details().details(ids, background());
        assertEquals(new Details.End.Complete(), details.end());
        assertEquals(ids.stream().sorted().toList(), found(details));
        assertTrue(
                bed.simulator
                        .lastReceived(Endpoint.QUERY)
                        .body()
                        .contains("\"paging\":{\"pageSize\":100,\"pageNumber\":1}"),
                () -> bed.simulator.lastReceived(Endpoint.QUERY).body());
    }

    @ParameterizedTest
    @CsvSource({
        "TOKEN, SAME_PAGE, 5, REPEATED_PAGE, 2, 2",
        "TOKEN, EMPTY_PAGE, 5, EMPTY_PAGE, 2, 2",
        "TOKEN, ENDLESS, 5, TOO_MANY_PAGES, 5, 2",
        "TOKEN, FORGETS_TOKENS, 5, PAGE_TOKEN_EXPIRED, 2, 2",
        "NUMBER, SAME_PAGE, 5, REPEATED_PAGE, 2, 2",
        "NUMBER, SAME_PAGE, 4, REPEATED_PAGE, 2, 2",
        "NUMBER, EMPTY_PAGE, 5, EMPTY_PAGE, 2, 2",
    })
    void pagesThatDoNotFitEndTheReadingAndKeepWhatWasRead(
            Profile.Paging paging, DetailsFault fault, int asked, PageFault told, int pages, int conversations) {
        CxoneClient client = client(paging);
        List<String> ids = ended(client, asked);
        bed.simulator.detailsPageSize(paging == Profile.Paging.TOKEN ? 2 : Integer.MAX_VALUE);
        bed.simulator.detailsFault(fault);
        Details details = client.details().details(ids, background());
        assertEquals(new Details.End.Faulty(told), details.end());
        assertEquals(pages, details.pages());
        assertEquals(conversations, details.conversations().size());
        assertEquals(
                1,
                bed.meters
                        .get("guestflow.cxone.details.faults")
                        .tag("fault", told.name().toLowerCase(Locale.ROOT))
                        .counter()
                        .count());
    }

    @Test
    void aTotalThatIsTooLargeEndsWithAnEmptyPage() {
        CxoneClient client = client(Profile.Paging.NUMBER);
        List<String> ids = ended(client, 4);
        ids.add("conv-never");
        bed.simulator.detailsFault(DetailsFault.ENDLESS);
        Details details = client.details().details(ids, background());
        assertEquals(new Details.End.Faulty(PageFault.EMPTY_PAGE), details.end());
        assertEquals(4, details.conversations().size());
    }

    @ParameterizedTest
    @CsvSource({"FORGETS_ONE_TOKEN, 5", "ACCESS_EXPIRES, 4"})
    void whatExpiresHalfWayIsRenewedOnce(DetailsFault fault, int calls) {
        CxoneClient client = client(Profile.Paging.TOKEN);
        List<String> ids = ended(client, 5);
        bed.simulator.detailsPageSize(2).detailsFault(fault);
        Details details = client.details().details(ids, background());
        assertEquals(new Details.End.Complete(), details.end());
        assertEquals(5, details.conversations().size());
        assertEquals(calls, details.calls());
    }

    @Test
    void aPageThatFailsLaterLeavesThoseBeforeIt() {
        CxoneClient client = client(Profile.Paging.TOKEN);
        List<String> ids = ended(client, 5);
        bed.simulator.detailsPageSize(2).detailsFault(DetailsFault.FAILS_LATER);
        Details details =
                client.details().details(ids, bed.within(Duration.ofSeconds(1)).inBackground());
        Details.End.Failed failed = assertInstanceOf(Details.End.Failed.class, details.end());
        assertEquals(new CallFailure.UpstreamError(503, CallFailure.Cause.SERVER_ERROR), failed.failure());
        assertEquals(1, details.pages());
        assertEquals(2, details.conversations().size());
        assertTrue(details.calls() > 2, "it was tried again");
    }

    @Test
    void aRowThatCannotBeReadIsLeftOutAndCounted() {
        CxoneClient client = client(Profile.Paging.TOKEN);
        List<String> ids = ended(client, 4);
        bed.simulator.detailsFault(DetailsFault.UNREADABLE_ROWS);
        Details details = client.details().details(ids, background());
        // Nobody may say that CXone does not have the other two.
        Details.End.Unreadable end = assertInstanceOf(Details.End.Unreadable.class, details.end());
        assertEquals(2, details.conversations().size());
        List<String> all = new ArrayList<>(found(details));
        all.addAll(end.conversationIds());
        assertEquals(ids.stream().sorted().toList(), all.stream().sorted().toList());
        assertEquals(
                2,
                bed.meters.get("guestflow.cxone.details.unreadable").counter().count());
    }

    @Test
    void anAnswerThatCannotBeReadIsAskedForAgain() {
        CxoneClient client = client(Profile.Paging.TOKEN);
        List<String> ids = ended(client, 1);
        for (Fault fault : List.of(
                Fault.notJson(),
                new Fault.HalfBody(),
                new Fault.Replaced("data", JsonNodeFactory.instance.stringNode("none")),
                new Fault.Replaced("pageToken", JsonNodeFactory.instance.numberNode(7)))) {
            bed.simulator.fault(Endpoint.QUERY, fault, 2);
            Details details = client.details().details(ids, background());
            assertEquals(new Details.End.Complete(), details.end());
            assertEquals(3, details.calls());
            assertEquals(ids, found(details));
        }
    }

    @Test
    void anAnswerThatCanNeverBeReadIsNotAskedForUntilTheDeadline() {
        CxoneClient client = client(Profile.Paging.TOKEN);
        List<String> ids = ended(client, 1);
        bed.simulator.fault(Endpoint.QUERY, new Fault.Padded(Wire.MAX_BODY + 1));
        Details details = client.details().details(ids, background());
        assertEquals(
                new Details.End.Failed(new CallFailure.UpstreamError(null, CallFailure.Cause.UNREADABLE)),
                details.end());
        assertEquals(3, details.calls());
    }

    /** Null stands for an empty array, and so does no field. */
    @Test
    void anAnswerWithNothingInItIsAnAnswer() {
        CxoneClient client = client(Profile.Paging.TOKEN);
        List<String> ids = ended(client, 1);
        for (Fault fault :
                List.of(new Fault.Without("data"), new Fault.Replaced("data", JsonNodeFactory.instance.nullNode()))) {
            bed.simulator.fault(Endpoint.QUERY, fault, 1);
            Details details = client.details().details(ids, background());
            assertEquals(new Details.End.Complete(), details.end());
            assertEquals(List.of(), found(details));
            assertEquals(1, details.calls());
        }
    }

    /** Analytics have limits of their own, and nobody waits for them. */
    @Test
    void aLimitOfAnalyticsIsNoPauseForGuests() {
        CxoneClient client = client(Profile.Paging.TOKEN);
        List<String> ids = ended(client, 1);
        bed.simulator.fault(Endpoint.QUERY, new Fault.Status(429, new RetryAfter.Seconds(180)), 1);
        assertLimited(client.details().details(ids, background()));
        assertEquals(1, bed.simulator.calls(Endpoint.QUERY));
        Answer<Conversation> guest =
                client.guests().create(guest("guest-meanwhile"), bed.within(Duration.ofSeconds(10)));
        assertInstanceOf(Answer.Success.class, guest);
        assertEquals(List.of(), bed.learned, "no other instance is told");
        assertEquals(0, bed.meters.get("guestflow.cxone.pause").gauge().value());

        assertLimited(client.details().details(ids, background()));
        assertEquals(1, bed.simulator.calls(Endpoint.QUERY), "nor is a call made that CXone does not want");
        ahead = Duration.ofSeconds(181);
        assertEquals(
                new Details.End.Complete(),
                client.details().details(ids, background()).end());
    }

    @Test
    void aLimitOfAnalyticsThatEndsInTimeIsWaitedOut() {
        CxoneClient client = client(Profile.Paging.TOKEN);
        List<String> ids = ended(client, 1);
        bed.simulator.fault(Endpoint.QUERY, new Fault.Status(429, new RetryAfter.Seconds(1)), 1);
        assertEquals(
                new Details.End.Complete(),
                client.details().details(ids, background()).end());
        assertEquals(2, bed.simulator.calls(Endpoint.QUERY));
    }

    private static void assertLimited(Details details) {
        Details.End.Failed failed = assertInstanceOf(Details.End.Failed.class, details.end());
        CallFailure.RateLimited limited = assertInstanceOf(CallFailure.RateLimited.class, failed.failure());
        assertTrue(limited.retryAfter().compareTo(Duration.ofSeconds(60)) > 0, limited::toString);
    }

    /** The token is everybody's: guests wait for each new one. */
    @Test
    void aClientWithoutTheRightCostsGuestsOneTokenInAWhile() {
        CxoneClient client = client(Profile.Paging.TOKEN);
        List<String> ids = ended(client, 1);
        bed.simulator.fault(Endpoint.QUERY, new Fault.Status(401));
        CallFailure scope = new CallFailure.Unauthorized(CallFailure.Which.SCOPE);
        for (int i = 0; i < 20; i++) {
            assertEquals(
                    new Details.End.Failed(scope),
                    client.details().details(ids, background()).end());
        }
        assertEquals(2, bed.simulator.tokensIssued());
        assertEquals(2, bed.simulator.calls(Endpoint.QUERY));

        ahead = ScopeRefusal.BELIEVED.plusSeconds(1);
        for (int i = 0; i < 20; i++) {
            assertEquals(
                    new Details.End.Failed(scope),
                    client.details().details(ids, background()).end());
        }
        assertEquals(3, bed.simulator.tokensIssued());
        assertEquals(4, bed.simulator.calls(Endpoint.QUERY));

        bed.simulator.clearFaults();
        ahead = ScopeRefusal.BELIEVED.multipliedBy(2).plusSeconds(2);
        assertEquals(
                new Details.End.Complete(),
                client.details().details(ids, background()).end());
        bed.simulator.revokeTokens();
        assertEquals(
                new Details.End.Complete(),
                client.details().details(ids, background()).end(),
                "a token that expired is renewed as ever");
    }

    @Test
    void questionsThatAreRefusedTogetherDropOneToken() throws Exception {
        CxoneClient client = client(Profile.Paging.TOKEN);
        List<String> ids = ended(client, 1);
        bed.simulator.fault(Endpoint.QUERY, new Fault.Status(401));
        List<Future<Details>> asking = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            asking.add(bed.threads.submit(() -> client.details().details(ids, background())));
        }
        for (Future<Details> one : asking) {
            assertInstanceOf(Details.End.Failed.class, one.get().end());
        }
        assertEquals(2, bed.simulator.tokensIssued());
    }

    /** Analytics take longer than guests are made to wait. */
    @Test
    void aPageHasATimeOfItsOwn() {
        bed.callTimeout(Duration.ofMillis(500));
        CxoneClient client = client(Profile.Paging.TOKEN);
        List<String> ids = ended(client, 1);
        bed.simulator.latency(Duration.ofSeconds(1));
        Details details = client.details().details(ids, background());
        assertEquals(new Details.End.Complete(), details.end());
        assertEquals(1, details.calls());
    }

    @Test
    void analyticsThatFailStopNoGuest() {
        bed.breaking(new Breaker.Settings(10, 2, 50, Duration.ofMinutes(1), 1));
        CxoneClient client = client(Profile.Paging.TOKEN);
        List<String> ids = ended(client, 1);
        bed.simulator.fault(Endpoint.QUERY, new Fault.Status(503));
        await().atMost(PATIENCE)
                .until(() -> client.details().details(ids, background()).end()
                                instanceof Details.End.Failed(CallFailure failure)
                        && failure instanceof CallFailure.Unavailable);
        open(client, "guest-later");
    }

    /** Of so few calls, as many as a lane makes, and each as slow as may be. */
    @Test
    void analyticsThatHangAreLeftAlone() throws Exception {
        bed.breakingAsInProduction();
        CxoneClient client = bed.client(settings(call(Profile.Paging.TOKEN, Duration.ofMillis(1_200))));
        List<String> ids = ended(client, 1);
        bed.simulator.fault(Endpoint.QUERY, new Fault.Hang(false));
        List<Future<Details>> asking = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            asking.add(bed.threads.submit(() -> client.details().details(ids, background())));
        }
        for (Future<Details> one : asking) {
            Details.End.Failed failed =
                    assertInstanceOf(Details.End.Failed.class, one.get().end());
            assertInstanceOf(CallFailure.Unavailable.class, failed.failure());
        }
        open(client, "guest-later");
    }

    @Test
    void underFullLoadAQuestionLetsGuestsGoFirstAndIsNotForgotten() throws Exception {
        int guests = 200;
        bed.callsPerSecond(50);
        CxoneClient client = client(Profile.Paging.TOKEN);
        open(client, "guest-first");
        List<Future<String>> opening = new ArrayList<>();
        for (int i = 0; i < guests; i++) {
            String guestId = "guest-of-many-" + i;
            opening.add(bed.threads.submit(() -> open(client, guestId)));
        }
        await().atMost(PATIENCE)
                .until(() -> bed.meters
                                .get("guestflow.cxone.throttle.waiting")
                                .gauge()
                                .value()
                        >= guests * 0.7);
        long before = bed.simulator.calls(Endpoint.CREATE);
        Details details = client.details().details(List.of("conv-1"), background());
        long first = bed.simulator.calls(Endpoint.CREATE) - before;
        assertEquals(new Details.End.Complete(), details.end());
        // Some of them may be on their way to the simulator still.
        assertTrue(first >= Turns.LEAST_ONE_IN - 5, () -> "only " + first + " guests went first");
        assertTrue(before + first < guests, "it had its turn while guests were waiting");
        for (Future<String> one : opening) {
            one.get();
        }
    }

    @Test
    void aTenantWithoutSuchACallIsNotAsked() {
        CxoneClient client = bed.client(settings(null));
        assertFalse(client.details().measures());
        assertThrows(IllegalStateException.class, () -> client.details().details(List.of("c"), background()));
        assertEquals(0, bed.simulator.calls(Endpoint.QUERY));
    }

    private CxoneClient client(Profile.Paging paging) {
        return bed.client(settings(call(paging, Duration.ofSeconds(10))));
    }

    private static DetailsCall call(Profile.Paging paging, Duration timeout) {
        return new DetailsCall(
                "/api/v2/analytics/conversations/details/query",
                paging,
                paging == Profile.Paging.NUMBER ? 2 : 100,
                MOST_PAGES,
                timeout);
    }

    private HttpSettings settings(@Nullable DetailsCall details) {
        Profile tutorial = Profile.TUTORIAL;
        return speaking(new Profile(
                "test",
                tutorial.tokenPath(),
                tutorial.grantType(),
                tutorial.createPath(),
                tutorial.contextPath(),
                tutorial.contextHeader(),
                tutorial.botVariablesHeader(),
                tutorial.idempotencyKeyHeader(),
                tutorial.correlationIdHeader(),
                null,
                tutorial.conversationLimit(),
                details));
    }

    private HttpSettings speaking(Profile profile) {
        HttpSettings plain = bed.settings();
        return new HttpSettings(
                plain.baseUrl(),
                plain.clientId(),
                plain.clientSecret(),
                plain.scopes(),
                plain.connectTimeout(),
                plain.callTimeout(),
                plain.httpVersion(),
                plain.initialQueueIds(),
                profile);
    }

    private CallContext background() {
        return bed.within(PATIENCE).inBackground();
    }

    private List<String> ended(CxoneClient client, int count) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String id = open(client, "guest-" + i);
            bed.simulator.closeConversation(id);
            ids.add(id);
        }
        return ids;
    }

    private String open(CxoneClient client, String guestId) {
        Answer.Success<?> opened =
                assertInstanceOf(Answer.Success.class, client.guests().create(guest(guestId), bed.within(PATIENCE)));
        return assertInstanceOf(Conversation.class, opened.value()).id();
    }

    private static List<String> found(Details details) {
        return details.conversations().stream()
                .map(ConversationDetails::conversationId)
                .sorted()
                .toList();
    }

    private static ConversationDetails found(Details details, String id) {
        return details.conversations().stream()
                .filter(each -> each.conversationId().equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError(id + " is not among " + details));
    }
}
