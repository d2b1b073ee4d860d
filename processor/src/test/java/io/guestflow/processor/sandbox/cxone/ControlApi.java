package io.guestflow.processor.sandbox.cxone;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The simulator's own calls, JSON in and out, for when it runs as a process:
 *
 * <ul>
 *   <li>{@code GET /sim/stats}, {@code /sim/calls}, {@code /sim/guests}, {@code /sim/keys}, {@code /sim/conversations},
 *       {@code /sim/last?endpoint=context}
 *   <li>{@code GET|POST /sim/settings}: what {@link Behaviour} knows; a POST changes what it names
 *   <li>{@code GET|POST|DELETE /sim/faults}: {@code {"endpoint":"create","kind":"status","status":503,"retryAfter":"3",
 *       "count":2,"probability":0.1}}, see {@link Fault#of}; DELETE takes {@code ?endpoint=}
 *   <li>{@code GET /sim/conversation?id=ID}: one, with its extensions; {@code GET /sim/open?at=TIME}: how many were
 *       open then, now unless said
 *   <li>{@code POST /sim/wrote?id=ID&count=N}: so many messages more were written in it
 *   <li>{@code POST /sim/expire?id=ID}, {@code POST /sim/close?id=ID}: end one
 *   <li>{@code POST /sim/conversations}: takes over conversations opened elsewhere, {@code
 *       {"conversations":[{"id":"…","guestId":"…","channelId":"…","createdAt":"…","expiresAt":"…"}]}}
 *   <li>{@code POST /sim/revoke-tokens}, {@code POST /sim/reset} (counters only)
 * </ul>
 */
final class ControlApi {

    static final String PREFIX = "/sim/";

    private final CxoneSimulator simulator;

    ControlApi(CxoneSimulator simulator) {
        this.simulator = simulator;
    }

    Reply.Whole answer(Request request) {
        try {
            Object body = dispatch(request);
            return body == null
                    ? reply(404, Map.of("error", "no such control call: " + request.method() + " " + request.path()))
                    : reply(200, body);
        } catch (IllegalArgumentException | JacksonException e) {
            return reply(400, Map.of("error", String.valueOf(e.getMessage())));
        }
    }

    private @Nullable Object dispatch(Request request) {
        String name = request.path().substring(PREFIX.length());
        return switch (request.method() + " " + name) {
            case "GET stats" -> stats();
            case "GET calls" -> simulator.callLog();
            case "GET guests" -> simulator.guests();
            case "GET keys" -> simulator.callsByKey();
            case "GET conversations" -> simulator.conversations();
            case "POST conversations" -> adopt(body(request));
            case "GET conversation" -> known(simulator.conversation(parameter(request, "id")));
            case "GET open" -> Map.of("open", simulator.openAt(at(request)));
            case "POST wrote" -> {
                simulator.wrote(parameter(request, "id"), Integer.parseInt(parameter(request, "count")));
                yield Map.of();
            }
            case "POST expire" -> known(simulator.expireConversation(parameter(request, "id")));
            case "POST close" -> known(simulator.closeConversation(parameter(request, "id")));
            case "GET last" -> last(request);
            case "GET settings" -> simulator.behaviour().describe();
            case "POST settings" -> {
                simulator.behaviour().change(body(request));
                yield simulator.behaviour().describe();
            }
            case "GET faults" -> simulator.faultRules().describe();
            case "POST faults" -> {
                addFault(body(request));
                yield simulator.faultRules().describe();
            }
            case "DELETE faults" -> {
                String endpoint = CxoneApi.form(request.query()).get("endpoint");
                simulator.faultRules().clear(endpoint == null ? null : Endpoint.parse(endpoint));
                yield simulator.faultRules().describe();
            }
            case "POST revoke-tokens" -> {
                simulator.revokeTokens();
                yield Map.of();
            }
            case "POST reset" -> {
                simulator.resetCounters();
                yield Map.of();
            }
            default -> null;
        };
    }

    private Map<String, Object> adopt(JsonNode body) {
        int adopted = 0;
        for (JsonNode one : body.path("conversations")) {
            simulator.adopt(Conversation.opened(
                    one.path("id").stringValue(),
                    one.path("guestId").stringValue(),
                    one.path("channelId").stringValue(),
                    time(one.path("createdAt").stringValue()),
                    time(one.path("expiresAt").stringValue())));
            adopted++;
        }
        return Map.of("adopted", adopted);
    }

    private Instant at(Request request) {
        String at = CxoneApi.form(request.query()).get("at");
        return at == null ? simulator.clock().instant() : time(at);
    }

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("'" + text + "' is no UTC time", e);
        }
    }

    private static String parameter(Request request, String name) {
        String value = CxoneApi.form(request.query()).get(name);
        if (value == null) {
            throw new IllegalArgumentException("?" + name + "= is missing");
        }
        return value;
    }

    private static Conversation known(@Nullable Conversation conversation) {
        if (conversation == null) {
            throw new IllegalArgumentException("there is no such conversation");
        }
        return conversation;
    }

    private void addFault(JsonNode fault) {
        simulator
                .faultRules()
                .add(
                        Endpoint.parse(fault.path("endpoint").stringValue("")),
                        Fault.of(fault),
                        fault.path("count").intValue(FaultRules.UNTIL_CLEARED),
                        fault.path("probability").doubleValue(1));
    }

    private Object last(Request request) {
        String endpoint = CxoneApi.form(request.query()).getOrDefault("endpoint", "context");
        Received received = simulator.lastReceived(Endpoint.parse(endpoint));
        return received == null ? Map.of() : received;
    }

    private Map<String, Object> stats() {
        Map<String, Object> stats = new LinkedHashMap<>();
        for (Endpoint endpoint : Endpoint.values()) {
            Map<String, Object> calls = new LinkedHashMap<>();
            calls.put("calls", simulator.calls(endpoint));
            calls.put("byStatus", simulator.callsByStatus(endpoint));
            calls.put("serviceNanos", simulator.serviceNanos(endpoint));
            calls.put("inFlight", simulator.inFlight(endpoint));
            calls.put("mostInFlight", simulator.mostInFlight(endpoint));
            stats.put(endpoint.label(), calls);
        }
        stats.put("opened", simulator.opened());
        stats.put("extended", simulator.extended());
        stats.put("tokensIssued", simulator.tokensIssued());
        stats.put("strayCalls", simulator.strayCalls());
        stats.put("openConnections", simulator.openConnections());
        stats.put("connections", simulator.connections());
        stats.put("pauses", simulator.pauses());
        return stats;
    }

    private static JsonNode body(Request request) {
        JsonNode body = CxoneApi.JSON.readTree(request.body());
        if (!body.isObject()) {
            throw new IllegalArgumentException("a JSON object is expected");
        }
        return body;
    }

    private static Reply.Whole reply(int status, Object body) {
        byte[] bytes = CxoneApi.JSON.writeValueAsBytes(body);
        return new Reply.Whole(Answer.head(status, Map.of(), "application/json", bytes.length), bytes);
    }
}
