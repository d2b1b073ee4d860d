package io.guestflow.contracts.codec;

import io.guestflow.contracts.codec.Problem.Defect;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The fields of one JSON object, taken one at a time. A field that is missing or wrong is noted, and a stand-in of the
 * right type is returned, so that one pass finds everything that is wrong; {@link #check()} then throws it all at once.
 * An optional field that is null counts as absent. What is accepted here is what the schemas accept.
 *
 * <p>Threading: for one thread.
 */
public final class Fields {
    /** The longest id, in characters (code points, as JSON Schema counts them). */
    public static final int MAX_ID = 128;

    /** The largest whole number of the contracts: up to here every JSON reader is exact (RFC 7493, section 2.2). */
    public static final long MAX_WHOLE = (1L << 53) - 1;

    /** What a sealed contract's reader expects where it finds a variant that only later versions know. */
    public static final String KNOWN_KIND = "must be a kind that this version knows";

    /** Enough to mend a value by; more would make a dead letter that is larger than what it tells of. */
    private static final int MAX_PROBLEMS = 100;

    private static final int MIN_HTTP_STATUS = 100;
    private static final int MAX_HTTP_STATUS = 999;
    private static final Pattern STATUS = Pattern.compile("[1-9][0-9]{2}");

    private final String schema;
    private final String prefix;
    private final ObjectNode object;
    private final List<Problem> problems;

    private Fields(String schema, String prefix, ObjectNode object, List<Problem> problems) {
        this.schema = schema;
        this.prefix = prefix;
        this.object = object;
        this.problems = problems;
    }

    static Fields of(String schema, ObjectNode object) {
        return new Fields(schema, "", object, new ArrayList<>());
    }

    /**
     * Throws what was found wrong so far, if anything.
     *
     * @throws ContractViolation naming every problem
     */
    public void check() {
        if (!problems.isEmpty()) {
            throw new ContractViolation(schema, problems);
        }
    }

    /** The same object with another text in one of its fields, and nothing found wrong with it yet. */
    public Fields with(String field, String text) {
        ObjectNode other = object.deepCopy();
        other.put(field, text);
        return new Fields(schema, prefix, other, new ArrayList<>());
    }

    /** Whether a text may stand where the contracts have an id: 1 to 128 characters of well-formed Unicode. */
    public static boolean isId(String text) {
        return !text.isEmpty() && text.codePointCount(0, text.length()) <= MAX_ID && IJson.wellFormed(text);
    }

    /** What was found wrong so far; of very many problems the first hundred. */
    public List<Problem> problems() {
        return Collections.unmodifiableList(problems);
    }

    /** The names of all members, those that no contract knows of too. */
    public Set<String> names() {
        return object.properties().stream().map(Map.Entry::getKey).collect(Collectors.toUnmodifiableSet());
    }

    /** Notes a problem that only the reader of the record can see. */
    public void problem(String field, Defect defect, String expected) {
        Problem problem = new Problem(prefix + field, defect, expected);
        // A reader that looked at a field before it asked for the whole finds it wrong twice.
        if (problems.size() < MAX_PROBLEMS && !problems.contains(problem)) {
            problems.add(problem);
        }
    }

    /** For a sealed contract: what to throw when {@code kind} is none of the reader's variants, or no string at all. */
    public ContractViolation unknownKind() {
        if (problems.stream().noneMatch(problem -> problem.field().equals(prefix + "kind"))) {
            problem("kind", Defect.WRONG, KNOWN_KIND);
        }
        return new ContractViolation(schema, problems);
    }

    /** A required id: a string of 1 to 128 characters. */
    public String id(String field) {
        return text(field, MAX_ID);
    }

    /** An optional id. */
    public @Nullable String optionalId(String field) {
        return optionalText(field, MAX_ID);
    }

    /** A required, non-empty string of at most {@code max} characters. */
    public String text(String field, int max) {
        JsonNode node = required(field, "a string");
        return node == null ? "" : textOf(field, node, max);
    }

    /** An optional, non-empty string of at most {@code max} characters. */
    public @Nullable String optionalText(String field, int max) {
        JsonNode node = present(field);
        return node == null ? null : textOf(field, node, max);
    }

    /** A required boolean. */
    public boolean flag(String field) {
        JsonNode node = required(field, "true or false");
        if (node == null) {
            return false;
        }
        if (!node.isBoolean()) {
            problem(field, Defect.WRONG, "must be true or false");
            return false;
        }
        return node.booleanValue();
    }

    /** An optional boolean. */
    public @Nullable Boolean optionalFlag(String field) {
        return present(field) == null ? null : (Boolean) flag(field);
    }

    /** A required whole number from {@code min} to {@code max}; {@code 100.0} and {@code 1e2} are whole numbers too. */
    public long whole(String field, long min, long max) {
        JsonNode node = required(field, "a whole number");
        return node == null ? min : wholeOf(field, node, min, max);
    }

    /** An optional whole number from {@code min} to {@code max}. */
    public @Nullable Long optionalWhole(String field, long min, long max) {
        JsonNode node = present(field);
        return node == null ? null : (Long) wholeOf(field, node, min, max);
    }

    /** An optional number from {@code min} to {@code max}, whole or not. */
    public @Nullable Double optionalNumber(String field, double min, double max) {
        JsonNode node = present(field);
        if (node == null) {
            return null;
        }
        if (!node.isNumber() || !(node.doubleValue() >= min && node.doubleValue() <= max)) {
            problem(field, Defect.WRONG, "must be a number from " + min + " to " + max);
            return min;
        }
        return node.doubleValue();
    }

    /** How often each HTTP status occurred, a required object with a whole number from 0 on for each status. */
    public Map<String, Long> countsByStatus(String field) {
        JsonNode node = required(field, "an object");
        if (node == null) {
            return Map.of();
        }
        Map<String, Long> counts = new LinkedHashMap<>();
        boolean right = node.isObject();
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            Long count = IJson.whole(member.getValue());
            right &= STATUS.matcher(member.getKey()).matches() && count != null && count >= 0 && count <= MAX_WHOLE;
            counts.put(member.getKey(), count == null ? 0 : count);
        }
        if (!right) {
            // Which member it is stays untold: its name may be a stranger's.
            problem(field, Defect.WRONG, "must be an object of HTTP statuses, each with a whole number from 0");
            return Map.of();
        }
        return counts;
    }

    /** A required int from {@code min} to the largest int. */
    public int count(String field, int min) {
        return (int) whole(field, min, Integer.MAX_VALUE);
    }

    /** An optional int from {@code min} to the largest int. */
    public @Nullable Integer optionalCount(String field, int min) {
        return present(field) == null ? null : (Integer) count(field, min);
    }

    /** A required HTTP status code: three digits. */
    public int httpStatus(String field) {
        return (int) whole(field, MIN_HTTP_STATUS, MAX_HTTP_STATUS);
    }

    /** An optional HTTP status code. */
    public @Nullable Integer optionalHttpStatus(String field) {
        Long status = optionalWhole(field, MIN_HTTP_STATUS, MAX_HTTP_STATUS);
        return status == null ? null : status.intValue();
    }

    /** A required number from {@code min} to {@code max}, whole or not. */
    public double number(String field, double min, double max) {
        JsonNode node = required(field, "a number");
        if (node == null) {
            return min;
        }
        // Written so that what is no number at all, which a double can be, is refused too.
        if (!node.isNumber() || !(node.doubleValue() >= min && node.doubleValue() <= max)) {
            problem(field, Defect.WRONG, "must be a number from " + min + " to " + max);
            return min;
        }
        return node.doubleValue();
    }

    /** A required time: RFC 3339 with seconds, at most nine decimals and any offset, in the years 1970 to 9999. */
    public Instant time(String field) {
        JsonNode node = required(field, "a time in RFC 3339");
        return node == null ? Instant.EPOCH : timeOf(field, node);
    }

    /** An optional time. */
    public @Nullable Instant optionalTime(String field) {
        JsonNode node = present(field);
        return node == null ? null : timeOf(field, node);
    }

    /** A required name out of an enum's. */
    public <E extends Enum<E>> E oneOf(String field, Class<E> type) {
        E[] constants = type.getEnumConstants();
        JsonNode node = present(field);
        if (node == null) {
            problem(field, Defect.MISSING, "is required, one of " + List.of(constants));
            return constants[0];
        }
        for (E constant : constants) {
            if (node.isString() && constant.name().equals(node.stringValue())) {
                return constant;
            }
        }
        problem(field, Defect.WRONG, "must be one of " + List.of(constants));
        return constants[0];
    }

    /** An optional name out of an enum's. */
    public <E extends Enum<E>> @Nullable E optionalOneOf(String field, Class<E> type) {
        return present(field) == null ? null : oneOf(field, type);
    }

    /** The object in a required field; problems inside it carry its path. */
    public Fields object(String field) {
        JsonNode node = required(field, "an object");
        if (node instanceof ObjectNode inner) {
            return new Fields(schema, prefix + field + ".", inner, problems);
        }
        if (node != null) {
            problem(field, Defect.WRONG, "must be an object");
        }
        // What is missing inside a missing object has been said already: its problems go nowhere.
        return new Fields(schema, prefix + field + ".", Json.MAPPER.createObjectNode(), new ArrayList<>());
    }

    /** The object in an optional field. */
    public @Nullable Fields optionalObject(String field) {
        return present(field) == null ? null : object(field);
    }

    /** The members of the object in an optional field, any JSON, in their order; empty if it is absent. */
    public Map<String, JsonNode> members(String field) {
        return membersOf(field, member -> true, "must be an object");
    }

    /** The members of the object in an optional field, each a string, a number or a boolean. */
    public Map<String, JsonNode> scalars(String field) {
        return membersOf(
                field,
                member -> member.isString() || member.isNumber() || member.isBoolean(),
                "must be an object of strings, numbers and booleans");
    }

    /** The objects of a required array, each read by {@code reader}. */
    public <T> List<T> objects(String field, Function<Fields, T> reader) {
        JsonNode node = required(field, "an array");
        if (node == null) {
            return List.of();
        }
        if (!node.isArray()) {
            problem(field, Defect.WRONG, "must be an array");
            return List.of();
        }
        List<T> elements = new ArrayList<>(node.size());
        for (int i = 0; i < node.size(); i++) {
            if (node.get(i) instanceof ObjectNode inner) {
                elements.add(reader.apply(new Fields(schema, prefix + field + "[" + i + "].", inner, problems)));
            } else {
                problem(field + "[" + i + "]", Defect.WRONG, "must be an object");
            }
        }
        return List.copyOf(elements);
    }

    /** The objects of an optional array, each read by {@code reader}; empty if it is absent. */
    public <T> List<T> optionalObjects(String field, Function<Fields, T> reader) {
        return present(field) == null ? List.of() : objects(field, reader);
    }

    /** The whole numbers of an optional array, at most so many, each from {@code min} to {@code max}; empty if absent. */
    public List<Long> optionalWholes(String field, int most, long min, long max) {
        JsonNode node = present(field);
        if (node == null) {
            return List.of();
        }
        if (!node.isArray()) {
            problem(field, Defect.WRONG, "must be an array");
            return List.of();
        }
        if (node.size() > most) {
            problem(field, Defect.TOO_LONG, "must have at most " + most + " elements");
            return List.of();
        }
        List<Long> elements = new ArrayList<>(node.size());
        for (int i = 0; i < node.size(); i++) {
            Long whole = IJson.whole(node.get(i));
            if (whole == null || whole < min || whole > max) {
                problem(field + "[" + i + "]", Defect.WRONG, "must be a whole number from " + min + " to " + max);
            } else {
                elements.add(whole);
            }
        }
        return List.copyOf(elements);
    }

    /** The strings of an optional array, each of 1 to {@code max} characters; empty if it is absent. */
    public List<String> optionalTexts(String field, int max) {
        return present(field) == null ? List.of() : texts(field, max);
    }

    /** The strings of a required array, each of 1 to {@code max} characters. */
    public List<String> texts(String field, int max) {
        JsonNode node = required(field, "an array");
        if (node == null) {
            return List.of();
        }
        if (!node.isArray()) {
            problem(field, Defect.WRONG, "must be an array");
            return List.of();
        }
        List<String> elements = new ArrayList<>(node.size());
        for (int i = 0; i < node.size(); i++) {
            elements.add(textOf(field + "[" + i + "]", node.get(i), max));
        }
        return List.copyOf(elements);
    }

    private @Nullable JsonNode present(String field) {
        JsonNode node = object.get(field);
        return node == null || node.isNull() ? null : node;
    }

    private @Nullable JsonNode required(String field, String what) {
        JsonNode node = present(field);
        if (node == null) {
            problem(field, Defect.MISSING, "is required, " + what);
        }
        return node;
    }

    private Map<String, JsonNode> membersOf(String field, Predicate<JsonNode> allowed, String expected) {
        JsonNode node = present(field);
        if (node == null) {
            return Map.of();
        }
        if (!(node instanceof ObjectNode inner) || !inner.values().stream().allMatch(allowed)) {
            problem(field, Defect.WRONG, expected);
            return Map.of();
        }
        if (!IJson.portable(inner)) {
            // Which member it is stays untold: its name is a stranger's.
            problem(field, Defect.WRONG, "must have well-formed Unicode and numbers within a double's range");
            return Map.of();
        }
        Map<String, JsonNode> members = new LinkedHashMap<>();
        inner.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
        return Collections.unmodifiableMap(members);
    }

    private String textOf(String field, JsonNode node, int max) {
        if (!node.isString()) {
            problem(field, Defect.WRONG, "must be a string");
            return "";
        }
        String text = node.stringValue();
        if (text.isEmpty()) {
            problem(field, Defect.WRONG, "must not be empty");
        } else if (text.codePointCount(0, text.length()) > max) {
            problem(field, Defect.TOO_LONG, "must have at most " + max + " characters");
        } else if (!IJson.wellFormed(text)) {
            problem(field, Defect.WRONG, "must be well-formed Unicode");
        }
        return text;
    }

    private long wholeOf(String field, JsonNode node, long min, long max) {
        Long whole = IJson.whole(node);
        if (whole == null || whole < min || whole > max) {
            problem(field, Defect.WRONG, "must be a whole number from " + min + " to " + max);
            return min;
        }
        return whole;
    }

    private Instant timeOf(String field, JsonNode node) {
        Instant time = node.isString() ? Rfc3339.parse(node.stringValue()) : null;
        if (time == null) {
            problem(field, Defect.WRONG, "must be a time in RFC 3339, such as 2026-11-22T07:00:00.000Z");
            return Instant.EPOCH;
        }
        return time;
    }
}
