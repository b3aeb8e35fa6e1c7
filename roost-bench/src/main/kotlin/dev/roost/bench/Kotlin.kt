@file:JvmName("Kotlin")

package dev.roost.bench

import java.util.concurrent.CountDownLatch
import java.util.function.IntConsumer
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.coroutines.yield

// What the benchmarks of the same names do, with coroutines. runBlocking has them all on the calling
// thread, one at a time, as a run has its tasks.

fun switches(tasks: Int, each: Int) = runBlocking {
  repeat(tasks) { launch { repeat(each) { yield() } } }
}

fun children(count: Int, rounds: Int) = runBlocking {
  repeat(rounds) { coroutineScope { repeat(count) { launch {} } } }
}

fun timeouts(count: Int, millis: Long, work: IntConsumer) = runBlocking {
  repeat(count) { withTimeoutOrNull(millis) { work.accept(it) } }
}

fun emptyRun() = runBlocking {}

fun sleepers(count: Int, asleep: CountDownLatch, end: CountDownLatch) =
    holdMany(count, asleep, end) { delay(3_600_000) }

fun waiters(count: Int, asleep: CountDownLatch, end: CountDownLatch) =
    holdMany(count, asleep, end) { awaitCancellation() }

private fun holdMany(
    count: Int,
    asleep: CountDownLatch,
    end: CountDownLatch,
    wait: suspend CoroutineScope.() -> Unit,
) = runBlocking {
  val all = launch { repeat(count) { launch(block = wait) } }
  yield() // the children are started
  yield() // and wait
  asleep.countDown()
  end.await() // blocks the loop, which has nothing else to do
  all.cancelAndJoin()
}
