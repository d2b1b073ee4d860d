package io.guestflow.processor.effects.cxone;

import io.guestflow.processor.effects.cxone.Paging.Position;
import io.guestflow.processor.effects.cxone.Paging.Step;
import io.guestflow.processor.effects.cxone.Profile.DetailsCall;
import io.guestflow.processor.effects.cxone.RetryLoop.Bounds;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The details query in HTTP: one call for each page, and {@link Paging} decides whether there is another. */
final class HttpDetailsApi implements DetailsApi {
    private static final int UNREADABLE_ANSWERS = 3;

    private final HttpSettings settings;
    private final @Nullable DetailsCall call;
    private final RetryLoop queries;
    private final InstantSource clock;
    private final Meters meters;

    HttpDetailsApi(HttpSettings settings, RetryLoop queries, InstantSource clock, Meters meters) {
        this.settings = settings;
        this.call = settings.profile().details();
        this.queries = queries;
        this.clock = clock;
        this.meters = meters;
    }

    @Override
    public boolean measures() {
        return call != null;
    }

    @Override
    public Details details(List<String> conversationIds, CallContext context) {
        DetailsCall known = call;
        if (known == null) {
            throw new IllegalStateException(
                    "the profile " + settings.profile().name() + " has no query for the details of conversations");
        }
        Instant latest = clock.instant().plus(HttpGuestApi.LONGEST);
        Instant deadline = latest.isBefore(context.deadline()) ? latest : context.deadline();
        Bounds bounds = new Bounds(Lane.REST, deadline, known.callTimeout(), false);
        URI uri = settings.resolve(known.path());
        Paging paging = Paging.begin(known, conversationIds);
        Step step = new Step.GoOn(new Position.First());
        int calls = 0;
        int pages = 0;
        while (step instanceof Step.GoOn(Position at)) {
            Answer<DetailsPage> answer = queries.run(
                    new PageCall(known, request(uri, DetailsJson.query(known, conversationIds, at), context)), bounds);
            calls += answer.calls();
            Paging.Turned turned = switch (answer) {
                case Answer.Success<DetailsPage> page -> {
                    pages++;
                    meters.unreadableRows(page.value().unreadable());
                    yield paging.turn(page.value());
                }
                case Answer.Failure<DetailsPage> failed -> paging.refused(at, failed.failure());
            };
            paging = turned.paging();
            step = turned.step();
        }
        Details.End end = ((Step.Done) step).end();
        switch (end) {
            case Details.End.Faulty(PageFault fault) -> meters.pageFault(fault);
            case Details.End.Unreadable _ -> meters.pageFault(PageFault.UNREADABLE_ROW);
            case Details.End.Complete _, Details.End.Failed _ -> {}
        }
        return new Details(paging.conversations(), end, pages, calls);
    }

    private HttpRequest.Builder request(URI uri, byte[] body, CallContext context) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).POST(BodyPublishers.ofByteArray(body));
        request.setHeader("Content-Type", "application/json");
        request.setHeader("Accept", "application/json");
        optional(request, "traceparent", context.traceparent());
        optional(request, settings.profile().correlationIdHeader(), context.correlationId());
        return request;
    }

    private void optional(HttpRequest.Builder request, String name, @Nullable String value) {
        if (value == null || value.isEmpty()) {
            return;
        }
        if (HeaderValues.safe(value)) {
            request.setHeader(name, value);
        } else {
            meters.refusedHeader();
        }
    }

    /** Nobody waits, and what cannot be read is mostly so again: it is asked for in smaller parts then. */
    private record PageCall(DetailsCall call, HttpRequest.Builder request) implements RetryLoop.Call<DetailsPage> {
        @Override
        public Endpoint endpoint() {
            return Endpoint.DETAILS;
        }

        @Override
        public @Nullable String conversationId() {
            return null;
        }

        @Override
        public HttpRequest request(Token token) {
            return request.setHeader("Authorization", "Bearer " + token.value()).build();
        }

        @Override
        public int unreadableAnswers() {
            return UNREADABLE_ANSWERS;
        }

        @Override
        public @Nullable DetailsPage read(GateAnswer.Answered answer) {
            return DetailsJson.page(call, answer.body());
        }
    }
}
