package io.guestflow.processor.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Utils;

/** The kinds of values that settings have, durations and sizes excepted ({@link Quantities}). */
final class ValueTypes {
    private static final int SHOWN = 60;
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9_.-]+|\\[?[0-9A-Fa-f:.]+(?:%[A-Za-z0-9_.-]+)?]?");

    private ValueTypes() {}

    static ValueType<String> text(String expected, String regex) {
        Pattern pattern = Pattern.compile(regex);
        return ValueType.of(expected, text -> {
            if (!pattern.matcher(text).matches()) {
                throw new BadValue(quoted(text) + " does not fit");
            }
            return text;
        });
    }

    static ValueType<Secret> secret() {
        return ValueType.of("the secret itself, or the path of a file that holds it, in NAME_FILE", Secret::new);
    }

    static ValueType<RefKeys> refKeys() {
        return ValueType.of(
                "id:base64 parts separated by commas or lines, the first one writes, each key at least "
                        + RefKey.MIN_BYTES + " bytes (one alone may be bare base64: `openssl rand -base64 32`)",
                RefKeys::parse);
    }

    static ValueType<Boolean> flag() {
        return choice(Map.of("true", true, "false", false), "true or false");
    }

    static ValueType<Integer> integer(int min, int max) {
        return ValueType.of("a whole number from " + min + " to " + max, text -> whole(text, min, max));
    }

    static ValueType<Integer> port() {
        return ValueType.of("a port from 0 to 65535 (0 takes any free one)", text -> {
            if (text.startsWith("tcp://")) {
                // Kubernetes sets NAME_PORT for every service, so a service "guestflow-http" collides with the setting.
                throw new BadValue(quoted(text) + " looks like a Kubernetes service link (enableServiceLinks: false)");
            }
            return whole(text, 0, 65535);
        });
    }

    static ValueType<Short> replication() {
        return ValueType.of("-1 (the broker's own default) or a number of replicas from 1", text -> {
            int replicas = whole(text, -1, Short.MAX_VALUE);
            if (replicas == 0) {
                throw new BadValue("0 replicas hold nothing");
            }
            return (short) replicas;
        });
    }

    static ValueType<String> host() {
        return ValueType.of("a host name or an IP address without scheme and port", text -> {
            if (!HOST.matcher(text).matches()) {
                throw new BadValue(quoted(text) + " is no host");
            }
            return text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        });
    }

    static ValueType<Path> path() {
        return ValueType.of("the path of a directory", text -> {
            try {
                return Path.of(text);
            } catch (InvalidPathException e) {
                throw new BadValue(quoted(text) + " is no path");
            }
        });
    }

    static ValueType<String> bootstrapServers() {
        return ValueType.of("host:port pairs separated by commas, such as kafka-1:9092,kafka-2:9092", text -> {
            List<String> servers = parts(text);
            for (String server : servers) {
                Integer port = Utils.getPort(server);
                if (Utils.getHost(server) == null || port == null || port < 1 || port > 65535) {
                    throw new BadValue(quoted(server) + " is not host:port");
                }
            }
            if (servers.isEmpty()) {
                throw new BadValue("names no server");
            }
            return String.join(",", servers);
        });
    }

    /** An absolute http or https URL, given back without a trailing slash. The text may hold a password, so it is not repeated. */
    static ValueType<URI> baseUrl() {
        String expected = "an absolute URL such as https://api-us-02.example.com, without user, query and fragment";
        return ValueType.of(expected, text -> {
            URI uri;
            try {
                uri = new URI(text.replaceAll("/+$", ""));
            } catch (URISyntaxException e) {
                throw new BadValue("is no URL");
            }
            String scheme = uri.getScheme();
            if (!"http".equalsIgnoreCase(scheme) && !"https".equalsIgnoreCase(scheme)) {
                throw new BadValue("is not an http or https URL");
            }
            if (uri.getRawUserInfo() != null) {
                throw new BadValue("holds a user or a password");
            }
            if (uri.getHost() == null || uri.getPort() > 65535) {
                throw new BadValue("names no host that a URL may name (letters, digits, dots and dashes)");
            }
            if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
                throw new BadValue("has a query or a fragment");
            }
            return uri;
        });
    }

    static <T> ValueType<T> choice(Map<String, T> choices, String expected) {
        return ValueType.of(expected, text -> {
            for (Map.Entry<String, T> choice : choices.entrySet()) {
                if (choice.getKey().equalsIgnoreCase(text)) {
                    return choice.getValue();
                }
            }
            throw new BadValue(quoted(text) + " is none of them");
        });
    }

    static <E extends Enum<E>> ValueType<E> choice(Class<E> type) {
        var choices = new LinkedHashMap<String, E>();
        for (E constant : type.getEnumConstants()) {
            choices.put(constant.name().toLowerCase(Locale.ROOT), constant);
        }
        return choice(choices, String.join(" or ", choices.keySet()));
    }

    static ValueType<Set<Role>> roles() {
        ValueType<Role> one = choice(Role.class);
        return ValueType.of("at least one of streams, effects, edge, separated by commas", text -> {
            Set<Role> roles = EnumSet.noneOf(Role.class);
            for (String part : parts(text)) {
                roles.add(one.parse(part));
            }
            if (roles.isEmpty()) {
                throw new BadValue("names no role");
            }
            return Collections.unmodifiableSet(roles);
        });
    }

    /** Ids in the order given, each once. */
    static ValueType<Set<String>> ids(String what, int longest) {
        return ValueType.list(what + " separated by commas, each of 1 to " + longest + " characters", text -> {
            var ids = new LinkedHashSet<String>();
            for (String part : parts(text)) {
                if (part.length() > longest) {
                    throw new BadValue(quoted(part) + " is longer than " + longest + " characters");
                }
                ids.add(part);
            }
            return Collections.unmodifiableSet(ids);
        });
    }

    static ValueType<List<String>> scopes() {
        return ValueType.list(
                "OAuth scopes separated by spaces or commas",
                text -> Stream.of(text.split("[\\s,]+", -1))
                        .filter(scope -> !scope.isEmpty())
                        .distinct()
                        .toList());
    }

    static ValueType<List<ContextKey>> contextKeys() {
        return ValueType.list(
                "name:text(LENGTH), name:text(LENGTH):PATTERN, name:flag or name:number, separated by commas or lines",
                ContextKey::parseAll);
    }

    /** Ids of a webhook in the order in which they are looked for, by the names that they have there. */
    static ValueType<List<Settings.ConversationIdFrom>> conversationIds() {
        var choices = new LinkedHashMap<String, Settings.ConversationIdFrom>();
        for (Settings.ConversationIdFrom id : Settings.ConversationIdFrom.values()) {
            choices.put(id.field(), id);
        }
        ValueType<Settings.ConversationIdFrom> one = choice(choices, String.join(", ", choices.keySet()));
        return ValueType.of("some of " + one.expected() + ", separated by commas, the first first", text -> {
            var ids = new LinkedHashSet<Settings.ConversationIdFrom>();
            for (String part : parts(text)) {
                ids.add(one.parse(part));
            }
            if (ids.isEmpty()) {
                throw new BadValue("names no id");
            }
            return List.copyOf(ids);
        });
    }

    static ValueType<Set<Settings.AnalyticsDimension>> analyticsDimensions() {
        ValueType<Settings.AnalyticsDimension> one = choice(Settings.AnalyticsDimension.class);
        return ValueType.list("some of segment, campaign, separated by commas", text -> {
            Set<Settings.AnalyticsDimension> dimensions = EnumSet.noneOf(Settings.AnalyticsDimension.class);
            for (String part : parts(text)) {
                dimensions.add(one.parse(part));
            }
            return Collections.unmodifiableSet(dimensions);
        });
    }

    static int whole(String text, int min, int max) throws BadValue {
        int value;
        try {
            value = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new BadValue(quoted(text) + " is not a whole number of that size");
        }
        if (value < min || value > max) {
            throw new BadValue(text + " is not in " + min + " to " + max);
        }
        return value;
    }

    /** A text as messages show it: on one line and not too long. */
    static String quoted(String text) {
        String shown = text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
        return '"' + shown.replaceAll("\\p{Cntrl}", "?") + '"';
    }

    /** What stands between commas and line ends. */
    static List<String> parts(String text) {
        return Arrays.stream(text.split("[,\\r\\n]", -1))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }
}
