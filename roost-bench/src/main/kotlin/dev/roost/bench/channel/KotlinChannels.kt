@file:JvmName("KotlinChannels")

package dev.roost.bench.channel

import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.selects.select

fun roundTrips(rounds: Int, item: Any) = runBlocking {
  val there = Channel<Any>()
  val back = Channel<Any>()
  launch {
    repeat(rounds) {
      there.send(item)
      back.receive()
    }
  }
  launch { repeat(rounds) { back.send(there.receive()) } }
}

fun manyToOne(senders: Int, itemsEach: Int, buffer: Int, item: Any) = runBlocking {
  val channel = Channel<Any>(buffer)
  repeat(senders) { launch { repeat(itemsEach) { channel.send(item) } } }
  launch { repeat(senders * itemsEach) { channel.receive() } }
}

fun chain(stages: Int, items: Int, buffer: Int, item: Any) = runBlocking {
  val first = Channel<Any>(buffer)
  launch { repeat(items) { first.send(item) } }
  var last = first
  repeat(stages) {
    val from = last
    val to = Channel<Any>(buffer)
    launch { repeat(items) { to.send(from.receive()) } }
    last = to
  }
  val end = last
  launch { repeat(items) { end.receive() } }
}

fun selectOfTwo(itemsEach: Int, buffer: Int, item: Any) = runBlocking {
  val one = Channel<Any>(buffer)
  val other = Channel<Any>(buffer)
  launch { repeat(itemsEach) { one.send(item) } }
  launch { repeat(itemsEach) { other.send(item) } }
  repeat(2 * itemsEach) {
    select<Any> {
      one.onReceive { it }
      other.onReceive { it }
    }
  }
}
