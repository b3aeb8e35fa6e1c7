package dev.roost.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What the interfaces of streams do for those who implement them. */
class StreamDefaultsTest {

  private static final class Source implements ReceiveStream {
    private final ByteBuffer data;

    Source(String data) {
      this.data = ByteBuffer.wrap(data.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int receiveSome(ByteBuffer dst) {
      if (!data.hasRemaining()) {
        return -1;
      }
      int count = Math.min(dst.remaining(), data.remaining());
      dst.put(data.slice(data.position(), count));
      data.position(data.position() + count);
      return count;
    }

    @Override
    public void close() {}
  }

  private static final class Sink implements SendStream {
    private final StringBuilder sent = new StringBuilder();

    @Override
    public void sendAll(ByteBuffer src) {
      sent.append(StandardCharsets.UTF_8.decode(src));
    }

    @Override
    public void waitSendAllMightNotBlock() {}

    @Override
    public void close() {}
  }

  @Test
  void receiving_into_a_new_array_gives_what_came() throws Exception {
    var source = new Source("abcde");
    assertThat(source.receiveSome(2)).containsExactly('a', 'b');
    assertThat(source.receiveSome(Integer.MAX_VALUE)).containsExactly('c', 'd', 'e');
    assertThat(source.receiveSome(1)).isEmpty();
    assertThatThrownBy(() -> source.receiveSome(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most 0 bytes");
  }

  @Test
  void arrays_and_texts_are_sent_as_buffers() throws Exception {
    var sink = new Sink();
    sink.sendAll(new byte[] {'a', 'b'});
    sink.sendAll("ü");
    sink.sendAll(new StringBuilder("€"));
    assertThat(sink.sent).hasToString("abü€");
  }

  @Test
  void a_broken_stream_can_be_broken_by_something_other_than_an_exception() {
    assertThat(new BrokenStreamException("cut off")).hasMessage("cut off").hasNoCause();
  }

  @Test
  void streams_are_copied_and_taken_piece_by_piece() throws Exception {
    var sink = new Sink();
    assertThat(new Source("abcde").transferTo(sink)).isEqualTo(5);
    assertThat(sink.sent).hasToString("abcde");
    assertThat(new Source("").transferTo(sink)).isZero();
    assertThatThrownBy(() ->
            new Source("x")
                .forEachPiece(piece -> {
                  throw new java.text.ParseException("no " + piece.remaining(), 0);
                }))
        .isInstanceOf(java.text.ParseException.class)
        .hasMessage("no 1");
    assertThatThrownBy(() -> new Source("x").transferTo(null))
        .isInstanceOf(NullPointerException.class);
  }
}
