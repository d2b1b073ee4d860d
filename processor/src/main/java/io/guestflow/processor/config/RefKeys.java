package io.guestflow.processor.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The keys of guest references, in the order given: the first one writes, all of them recognise.
 *
 * @param keys at least one, ids and keys all different
 */
public record RefKeys(List<RefKey> keys) {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,16}");
    private static final String ID_OF_A_BARE_KEY = "k1";

    public RefKeys {
        keys = List.copyOf(keys);
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("at least one reference key is needed");
        }
    }

    /** The key that new references are made with. */
    public RefKey writing() {
        return keys.getFirst();
    }

    /** Reads {@code id:base64} parts separated by commas or lines. No message repeats any of the text: all of it is secret. */
    static RefKeys parse(String text) throws BadValue {
        var keys = new ArrayList<RefKey>();
        var ids = new HashSet<String>();
        var secrets = new HashSet<Object>();
        int part = 0;
        for (String raw : text.split("[,\\r\\n]", -1)) {
            String trimmed = raw.strip();
            if (trimmed.isEmpty()) {
                continue;
            }
            part++;
            RefKey key = parsePart(trimmed, part);
            if (!ids.add(key.id())) {
                throw new BadValue("part " + part + " has the id of an earlier part");
            }
            if (!secrets.add(key.key())) {
                throw new BadValue("part " + part + " is the key of an earlier part under another id");
            }
            keys.add(key);
        }
        if (keys.isEmpty()) {
            throw new BadValue("holds no key");
        }
        return new RefKeys(keys);
    }

    private static RefKey parsePart(String part, int number) throws BadValue {
        int colon = part.indexOf(':');
        String id = colon < 0 ? ID_OF_A_BARE_KEY : part.substring(0, colon).strip();
        if (!ID.matcher(id).matches()) {
            throw new BadValue("part " + number + " has an id that is not 1 to 16 letters, digits, _ or -");
        }
        byte[] key;
        try {
            key = RefKey.decode(part.substring(colon + 1).strip());
        } catch (IllegalArgumentException e) {
            // The cause would repeat a character of the key.
            throw new BadValue("part " + number + " is not base64");
        }
        if (key.length < RefKey.MIN_BYTES) {
            throw new BadValue("part " + number + " is a key of " + key.length + " bytes, which is fewer than "
                    + RefKey.MIN_BYTES);
        }
        return RefKey.of(id, key);
    }
}
