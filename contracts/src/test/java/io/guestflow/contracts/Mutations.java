package io.guestflow.contracts;

import io.guestflow.contracts.alerts.AlertKind;
import io.guestflow.contracts.alerts.AlertState;
import io.guestflow.contracts.audit.AuditEvent;
import io.guestflow.contracts.auth.AuthStatus;
import io.guestflow.contracts.auth.ContextDrop;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.codec.Problem.Defect;
import io.guestflow.contracts.cxone.PagingFault;
import io.guestflow.contracts.facts.Direction;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.facts.Measurement;
import io.guestflow.contracts.failure.DeadLetter;
import io.guestflow.contracts.session.ConversationStatus;
import io.guestflow.contracts.session.SessionState;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/** Good values turned into neighbours of theirs, most of them bad: one thing changed at a time, or some at random. */
final class Mutations {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** Raw, because a tree cannot hold what some of them say. */
    private static final List<String> VALUES = Stream.of(
                    Stream.of("null", "true", "false", "[]", "{}", "[null]", "[{}]", "[\"x\"]", "[[]]", "{\"x\":{}}"),
                    Stream.of("\"\"", "\" \"", "\"x\"", "\"0\"", "\"true\"", "\"null\"", "\"\\u0000\"", "\"\\n\""),
                    Stream.of("0", "-0", "-0.0", "1", "-1", "-2", "1.0", "1.5", "1e0", "10e-1", "1e2", "100", "99"),
                    Stream.of("999", "1000", "999.0", "3600", "3601", "2147483647", "2147483647.0", "2147483648"),
                    Stream.of("9007199254740991", "9007199254740991.0", "9007199254740992", "9007199254740992.0"),
                    Stream.of("9223372036854775807", "9223372036854775808", "-9223372036854775809", "1e19"),
                    Stream.of("1e308", "-1e308", "1e309", "-1e309", "1e999999999", "1e-999999999", "9".repeat(100)),
                    Stream.of(1, 63, 64, 65, 127, 128, 129, 248, 249, 250, 1023, 1024, 1025, 4095, 4096, 4097)
                            .flatMap(length -> Stream.of("x".repeat(length), "😀".repeat(length)))
                            .map(text -> "\"" + text + "\""),
                    Stream.of("Authenticate", "InjectContext", "ConversationCreated", "ContextInjected", "CallFailed")
                            .map(kind -> "\"" + kind + "\""),
                    Stream.of("AuthSucceeded", "AuthRejected", "AuthFailed", "AuthLate", "ContextFailed", "authLate")
                            .map(kind -> "\"" + kind + "\""),
                    Stream.of("Refresh", "Close", "Extended", "ContextAccepted", "ConversationClosed", "Gone")
                            .map(kind -> "\"" + kind + "\""),
                    Stream.of("Opened", "MessageSeen", "StatusChanged", "Disconnected", "ContextRequested", "Revoked")
                            .map(kind -> "\"" + kind + "\""),
                    Stream.of("Mark", "SessionOpened", "SessionRefreshed", "SessionEnded", "GuestLinked", "mark")
                            .map(kind -> "\"" + kind + "\""),
                    Stream.of(
                                    "MeasureConversations",
                                    "Measured",
                                    "MeasuredInPart",
                                    "ConversationMeasured",
                                    "Slot",
                                    "Read")
                            .map(kind -> "\"" + kind + "\""),
                    constants(Measurement.class),
                    constants(PagingFault.class),
                    constants(SessionState.class),
                    constants(ConversationStatus.class),
                    constants(EndReason.class),
                    constants(AuditEvent.class),
                    constants(AlertKind.class),
                    constants(AlertState.class),
                    constants(Direction.class),
                    constants(ErrorCode.class),
                    constants(AuthStatus.class),
                    constants(ContextDrop.Reason.class),
                    constants(DeadLetter.Cause.class),
                    constants(Defect.class))
            .flatMap(values -> values)
            .toList();

    private static final List<String> TIMES = Stream.of(
                    Stream.of("2026-11-22T07:00:00Z", "2026-11-22T07:00:00.1Z", "2026-11-22T07:00:00.123456789Z"),
                    Stream.of("2026-11-22T07:00:00.1234567890Z", "2026-11-22T07:00:00.Z", "2026-11-22T07:00:00,5Z"),
                    Stream.of("2026-11-22t07:00:00z", "2026-11-22 07:00:00Z", "2026-11-22T07:00Z", "2026-11-22T07Z"),
                    Stream.of("2026-11-22T07:00:00", "2026-11-22", "07:00:00Z", "20261122T070000Z", "now", "0"),
                    Stream.of("2026-11-22T07:00:00+01:00", "2026-11-22T07:00:00-12:00", "2026-11-22T07:00:00+14:00"),
                    Stream.of("2026-11-22T07:00:00+17:59", "2026-11-22T07:00:00+18:00", "2026-11-22T07:00:00-00:00"),
                    Stream.of("2026-11-22T07:00:00+0100", "2026-11-22T07:00:00+01", "2026-11-22T07:00:00+01:00:30"),
                    Stream.of("2026-11-22T07:00:00+01:60", "2026-11-22T07:00:00Z+01:00", "2026-11-22T07:00:00ZZ"),
                    Stream.of("2026-02-28T07:00:00Z", "2026-02-29T07:00:00Z", "2028-02-29T07:00:00Z"),
                    Stream.of("2100-02-29T07:00:00Z", "2026-04-31T07:00:00Z", "2026-13-01T07:00:00Z"),
                    Stream.of("2026-00-01T07:00:00Z", "2026-01-00T07:00:00Z", "2026-01-32T07:00:00Z"),
                    Stream.of("2026-11-22T24:00:00Z", "2026-11-22T23:60:00Z", "2026-11-22T23:59:59Z"),
                    Stream.of("2016-12-31T23:59:60Z", "2026-11-22T07:00:61Z", "0000-01-01T00:00:00Z"),
                    Stream.of("1969-12-31T23:59:59Z", "1970-01-01T00:00:00Z", "1970-01-01T00:00:00+00:00"),
                    Stream.of("1970-01-01T00:00:00+01:00", "1970-01-01T00:00:00-01:00", "1970-01-02T00:00:00+17:59"),
                    Stream.of("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59-01:00", "9999-12-31T23:59:59+01:00"),
                    Stream.of("9999-12-31T23:59:59-00:00", "9999-12-30T23:59:59-17:59", "10000-01-01T00:00:00Z"),
                    Stream.of("+2026-11-22T07:00:00Z", "-2026-11-22T07:00:00Z", " 2026-11-22T07:00:00Z"),
                    Stream.of("2026-11-22T07:00:00Z\\n", "２０２６-11-22T07:00:00Z", "2026-W47-7T07:00:00Z"))
            .flatMap(times -> times)
            .map(time -> "\"" + time + "\"")
            .toList();

    private Mutations() {}

    /** A changed value; {@code what} tells the change. */
    record Mutation(String what, String text) {}

    /** Everything that can be changed in one place of a good value. */
    static List<Mutation> each(ObjectNode sample) {
        List<Mutation> mutations = new ArrayList<>();
        for (String value : VALUES) {
            mutations.add(new Mutation("whole value = " + brief(value), value));
        }
        for (JsonPointer place : places(sample)) {
            ObjectNode without = sample.deepCopy();
            remove(without, place);
            mutations.add(new Mutation("no " + place, without.toString()));
            for (String value : valuesFor(sample.at(place))) {
                mutations.add(new Mutation(place + " = " + brief(value), changed(sample, place, value)));
            }
            if (sample.at(place).isObject()) {
                ObjectNode more = sample.deepCopy();
                ((ObjectNode) more.at(place))
                        .putObject("unheardOf")
                        .putArray("x")
                        .add(1);
                mutations.add(new Mutation(place + " with an unknown field", more.toString()));
            }
        }
        ObjectNode more = sample.deepCopy();
        more.put("unheardOf", 1);
        mutations.add(new Mutation("with an unknown field", more.toString()));
        return mutations;
    }

    /** The sample with a value, JSON or not, in each place in turn. */
    static Stream<String> everywhere(ObjectNode sample, String value) {
        return places(sample).stream().map(place -> changed(sample, place, value));
    }

    /** Some changes at random places, each a removal, a new value, or something that stood elsewhere. */
    static Mutation random(ObjectNode sample, Random random) {
        ObjectNode changed = sample.deepCopy();
        List<String> told = new ArrayList<>();
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            List<JsonPointer> places = places(changed);
            if (places.isEmpty()) {
                break;
            }
            JsonPointer place = places.get(random.nextInt(places.size()));
            switch (random.nextInt(3)) {
                case 0 -> {
                    remove(changed, place);
                    told.add("no " + place);
                }
                case 1 -> {
                    List<String> values = valuesFor(changed.at(place));
                    String value = values.get(random.nextInt(values.size()));
                    set(changed, place, NODES.rawValueNode(new RawValue(value)));
                    told.add(place + " = " + brief(value));
                }
                default -> {
                    JsonPointer other = places.get(random.nextInt(places.size()));
                    set(changed, place, changed.at(other).deepCopy());
                    told.add(place + " = " + other);
                }
            }
        }
        return new Mutation(String.join(", ", told), changed.toString());
    }

    private static List<String> valuesFor(JsonNode present) {
        if (!present.isString() || !present.stringValue().matches("[0-9]{4}-[0-9]{2}-.*")) {
            return VALUES;
        }
        return Stream.concat(VALUES.stream(), TIMES.stream()).toList();
    }

    private static List<JsonPointer> places(JsonNode root) {
        List<JsonPointer> places = new ArrayList<>();
        collect(root, JsonPointer.empty(), places);
        return places;
    }

    private static void collect(JsonNode node, JsonPointer at, List<JsonPointer> places) {
        node.properties().forEach(member -> {
            places.add(at.appendProperty(member.getKey()));
            collect(member.getValue(), at.appendProperty(member.getKey()), places);
        });
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            places.add(at.appendIndex(i));
            collect(node.get(i), at.appendIndex(i), places);
        }
    }

    private static String changed(ObjectNode sample, JsonPointer place, String value) {
        ObjectNode changed = sample.deepCopy();
        set(changed, place, NODES.rawValueNode(new RawValue(value)));
        return changed.toString();
    }

    private static void set(ObjectNode root, JsonPointer place, JsonNode value) {
        JsonNode parent = root.at(place.head());
        if (parent instanceof ArrayNode array) {
            array.set(place.last().getMatchingIndex(), value);
        } else {
            ((ObjectNode) parent).set(place.last().getMatchingProperty(), value);
        }
    }

    private static void remove(ObjectNode root, JsonPointer place) {
        JsonNode parent = root.at(place.head());
        if (parent instanceof ArrayNode array) {
            array.remove(place.last().getMatchingIndex());
        } else {
            ((ObjectNode) parent).remove(place.last().getMatchingProperty());
        }
    }

    private static <E extends Enum<E>> Stream<String> constants(Class<E> type) {
        return Stream.of(type.getEnumConstants()).map(constant -> "\"" + constant.name() + "\"");
    }

    private static String brief(String value) {
        return value.length() <= 40
                ? value
                : value.substring(0, 8) + "… of " + value.codePointCount(0, value.length()) + " characters";
    }
}
