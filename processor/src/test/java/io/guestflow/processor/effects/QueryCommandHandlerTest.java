package io.guestflow.processor.effects;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.codec.JsonCodec;
import io.guestflow.contracts.cxone.ConversationFigures;
import io.guestflow.contracts.cxone.PagingFault;
import io.guestflow.contracts.cxone.QueryCommand;
import io.guestflow.contracts.cxone.QueryOutcome;
import io.guestflow.processor.effects.cxone.CallContext;
import io.guestflow.processor.effects.cxone.CallFailure;
import io.guestflow.processor.effects.cxone.ConversationDetails;
import io.guestflow.processor.effects.cxone.CxoneClient;
import io.guestflow.processor.effects.cxone.Details;
import io.guestflow.processor.effects.cxone.DetailsApi;
import io.guestflow.processor.effects.cxone.HttpSettings;
import io.guestflow.processor.effects.cxone.PageFault;
import io.guestflow.processor.sandbox.cxone.Conversation;
import io.guestflow.processor.sandbox.cxone.CxoneSimulator;
import io.guestflow.processor.sandbox.cxone.Endpoint;
import io.guestflow.processor.sandbox.cxone.Fault;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** What becomes of a question, for most cases at the simulator and by the real client. */
@Timeout(60)
class QueryCommandHandlerTest {
    private static final Delivery DELIVERY = new Delivery(false, null, "corr-1");
    private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");
    private static final InstantSource NOW = InstantSource.fixed(SessionCommands.NOW);

    private final CxoneSimulator simulator = CxoneSimulator.start();
    private final CxoneClient cxone = CxoneClient.start(
            HttpSettings.of(simulator.baseUrl(), "client", "secret", List.of("chat")),
            0,
            InstantSource.system(),
            new SimpleMeterRegistry(),
            until -> {});
    private final QueryCommandHandler handler = new QueryCommandHandler(cxone.details(), NOW);

    @AfterEach
    void close() {
        cxone.close();
        simulator.close();
    }

    @Test
    void whatCxoneHasIsTold() {
        simulator.adopt(conversation("conv-1"));
        simulator.wrote("conv-1", 3);
        QueryOutcome outcome = handler.handle(command(SessionCommands.FAR, "conv-1", "conv-2"), DELIVERY);
        assertEquals(
                new QueryOutcome.Measured(
                        "q1",
                        List.of(new ConversationFigures("conv-1", LONG_AGO, LONG_AGO.plusSeconds(60), 60_000, 3)),
                        1,
                        1,
                        SessionCommands.NOW),
                outcome);
        assertEquals("corr-1", simulator.lastReceived(Endpoint.QUERY).headers().get("x-correlation-id"));
    }

    @Test
    void aTenantThatForbidsItIsToldApartFromOneThatForbidsAGuest() {
        simulator.fault(Endpoint.QUERY, new Fault.Status(403));
        var failed = assertInstanceOf(
                QueryOutcome.CallFailed.class, handler.handle(command(SessionCommands.FAR, "conv-1"), DELIVERY));
        assertEquals(ErrorCode.UPSTREAM_FORBIDDEN, failed.code());
        assertEquals(403, failed.upstreamStatus());
        assertTrue(failed.message().contains("query"), failed.message());
        assertEquals(1, failed.calls());
    }

    @Test
    void aDeadlineEndsIt() {
        simulator.fault(Endpoint.QUERY, new Fault.Hang(false));
        var failed = assertInstanceOf(
                QueryOutcome.CallFailed.class,
                handler.handle(command(Instant.now().plus(Duration.ofMillis(500)), "conv-1"), DELIVERY));
        assertEquals(ErrorCode.UPSTREAM_ERROR, failed.code());
    }

    @ParameterizedTest
    @EnumSource
    void everyFaultOfPagesIsToldWithWhatWasRead(PageFault fault) {
        var part = assertInstanceOf(QueryOutcome.MeasuredInPart.class, answered(new Details.End.Faulty(fault), 2));
        assertEquals(fault.name(), part.fault().name());
        assertEquals(1, part.conversations().size());
        assertNull(part.code());
    }

    @Test
    void whoseRowCouldNotBeReadIsToldWhereItIsKnown() {
        var part = assertInstanceOf(
                QueryOutcome.MeasuredInPart.class, answered(new Details.End.Unreadable(List.of("conv-2")), 1));
        assertEquals(PagingFault.UNREADABLE_ROW, part.fault());
        assertEquals(List.of("conv-2"), part.unreadable());
        assertEquals(1, part.conversations().size());
    }

    @Test
    void aCallThatFailedLaterIsToldWithWhatWasRead() {
        Details.End end = new Details.End.Failed(new CallFailure.RateLimited(Duration.ofSeconds(30)));
        var part = assertInstanceOf(QueryOutcome.MeasuredInPart.class, answered(end, 2));
        assertEquals(PagingFault.CALL_FAILED, part.fault());
        assertEquals(ErrorCode.RATE_LIMITED, part.code());
        assertEquals(30, part.retryAfterSeconds());
        assertInstanceOf(QueryOutcome.CallFailed.class, answered(end, 0));
    }

    /** It is asked for in smaller parts then, which no failure of another kind is. */
    @Test
    void anAnswerThatCannotBeReadIsToldAsSuch() {
        simulator.fault(Endpoint.QUERY, Fault.notJson());
        var part = assertInstanceOf(
                QueryOutcome.MeasuredInPart.class, handler.handle(command(SessionCommands.FAR, "conv-1"), DELIVERY));
        assertEquals(PagingFault.UNREADABLE_PAGE, part.fault());
        assertEquals(0, part.pages());
        assertEquals(List.of(), part.conversations());
        assertEquals(ErrorCode.UPSTREAM_ERROR, part.code());
    }

    @Test
    void whatOnlyAnOperatorCanMendIsSaidOnceInAWhile() {
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        Logger logger = (Logger) LoggerFactory.getLogger(QueryCommandHandler.class);
        logger.addAppender(logged);
        simulator.fault(Endpoint.QUERY, new Fault.Status(403));
        for (int i = 0; i < 5; i++) {
            handler.handle(command(SessionCommands.FAR, "conv-1"), DELIVERY);
        }
        logger.detachAppender(logged);
        assertEquals(1, logged.list.size());
        String line = logged.list.getFirst().getFormattedMessage();
        assertTrue(line.contains("403") && line.contains("GUESTFLOW_MEASURE"), line);
        assertFalse(line.contains("conv-1"), line);
    }

    @Test
    void aTenantWithoutTheQueryIsSaidToHaveNone() {
        DetailsApi none = new DetailsApi() {
            @Override
            public Details details(List<String> conversationIds, CallContext context) {
                throw new AssertionError("it must not be asked");
            }

            @Override
            public boolean measures() {
                return false;
            }
        };
        var failed = assertInstanceOf(
                QueryOutcome.CallFailed.class,
                new QueryCommandHandler(none, NOW).handle(command(SessionCommands.FAR, "conv-1"), DELIVERY));
        assertEquals(ErrorCode.UPSTREAM_REJECTED, failed.code());
        assertEquals(0, failed.calls());
    }

    @Test
    void aHundredConversationsFitIntoARecord() {
        // As long as ids of one command may be together: see the topology's batches.
        List<ConversationFigures> most = IntStream.range(0, 100)
                .mapToObj(i -> new ConversationFigures(
                        Integer.toString(i + 1_000).repeat(80),
                        SessionCommands.FAR,
                        SessionCommands.FAR,
                        Long.MAX_VALUE >> 10,
                        Integer.MAX_VALUE))
                .toList();
        int bytes = QueryOutcome.CODEC.write(new QueryOutcome.Measured("q", most, 20, 99, SessionCommands.NOW)).length;
        assertTrue(bytes < JsonCodec.MAX_BYTES, () -> bytes + " bytes");
    }

    private static QueryOutcome answered(Details.End end, int pages) {
        Details details = new Details(
                pages == 0 ? List.of() : List.of(new ConversationDetails("conv-1", null, null, 1_000, 2)),
                end,
                pages,
                3);
        DetailsApi answering = new DetailsApi() {
            @Override
            public Details details(List<String> conversationIds, CallContext context) {
                return details;
            }

            @Override
            public boolean measures() {
                return true;
            }
        };
        return new QueryCommandHandler(answering, NOW).handle(command(SessionCommands.FAR, "conv-1"), DELIVERY);
    }

    private static QueryCommand command(Instant deadline, String... ids) {
        return new QueryCommand.MeasureConversations("q1", List.of(ids), deadline);
    }

    private static Conversation conversation(String id) {
        return new Conversation(id, "guest-1", "web", LONG_AGO, LONG_AGO.plusSeconds(60), null, List.of(), 0, Map.of());
    }
}
