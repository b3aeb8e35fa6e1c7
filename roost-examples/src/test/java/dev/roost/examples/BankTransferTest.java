package dev.roost.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class BankTransferTest {

  @Test
  void plainTransfers_keepTheSum() throws Exception {
    var result = Program.run(BankTransfer.class);

    assertThat(result.exitCode()).as(result.errors()).isZero();
    assertThat(result.complaints()).isEmpty();
    assertThat(result.lines()).hasSize(3).last().isEqualTo("Not a cent lost.");
    assertThat(cents(result.lines().get(1)))
        .isEqualTo(cents(result.lines().get(0)))
        .isEqualTo("100000");
  }

  @Test
  void aCheckpointBetweenReadAndWrite_losesMoney() throws Exception {
    var result = Program.run(BankTransfer.class, "careless");

    assertThat(result.exitCode()).as(result.errors()).isZero();
    assertThat(result.lines())
        .hasSize(3)
        .last()
        .asString()
        .matches("The books are wrong by -\\d+ cents!");
    assertThat(cents(result.lines().get(1))).isNotEqualTo(cents(result.lines().get(0)));
  }

  private static String cents(String line) {
    var amount = Pattern.compile("([^:]*) cents$").matcher(line);
    assertThat(amount.find()).as(line).isTrue();
    return amount.group(1).replaceAll("\\D", "");
  }
}
