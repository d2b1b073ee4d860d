package io.guestflow.processor.facts;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Texts one behind the other, each behind its length: no two lists of texts have the same bytes. */
public final class LengthPrefixed {
    private LengthPrefixed() {}

    /** The texts, each as four bytes of length and its UTF-8. */
    public static byte[] of(String... texts) {
        List<byte[]> parts = new ArrayList<>(texts.length);
        int size = 0;
        for (String text : texts) {
            byte[] part = text.getBytes(StandardCharsets.UTF_8);
            parts.add(part);
            size += Integer.BYTES + part.length;
        }
        ByteBuffer out = ByteBuffer.allocate(size);
        parts.forEach(part -> out.putInt(part.length).put(part));
        return out.array();
    }

    /** The texts that {@link #of} was given. */
    public static List<String> read(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        List<String> texts = new ArrayList<>();
        while (in.hasRemaining()) {
            byte[] part = new byte[in.getInt()];
            in.get(part);
            texts.add(new String(part, StandardCharsets.UTF_8));
        }
        return texts;
    }
}
