using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Tests.Runs.Actor;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Runs;

namespace Copilot.Tests.Runs.Events;

public sealed class RunEventChainTests
{
    [Fact]
    public void Verify_UntouchedChain_Holds()
    {
        var events = new RunEvents("run_1").Created("ses_1", "usr_1");
        events.Own(RunEventTypes.UserMessage, """{"text":"hello"}""");
        events.Tool(RunEventTypes.ToolStarted, "call_1", """{"name":"t","deadline_ms":1}""");

        Assert.Equal([true, true, true], Verified(events.All));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(2_000)]
    public void Seal_RowOfAnyLength_HasTheDocumentedHash(int length)
    {
        var previous = Enumerable.Range(0, 32).Select(i => (byte)i).ToArray();
        var sealedEvent = RunEventChain.Seal("run_ä", 7, previous, new RunEventDraft
        {
            At = new DateTimeOffset(2026, 11, 29, 1, 2, 3, TimeSpan.Zero),
            Source = EventSource.User,
            Actor = new EventActor("usr_1", "Staff"),
            Type = "some.type",
            CallId = new string('ö', length),
            Data = "{}"u8.ToArray(),
        });

        Assert.Equal(
            SHA256.HashData((byte[])
            [
                .. previous, .. Field("run_ä"u8), .. Number(7), .. Number(1_795_914_123_000_000), .. Field("user"u8), .. Field("some.type"u8),
                .. Field("usr_1\nStaff"u8), 255, 255, 255, 255, .. Field(Encoding.UTF8.GetBytes(new string('ö', length))),
                .. Field(HMACSHA256.HashData(sealedEvent.Salt.Span, "{}"u8)),
            ]),
            sealedEvent.Hash.ToArray());

        static byte[] Field(ReadOnlySpan<byte> bytes) => [0, 0, (byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes];

        static byte[] Number(long number)
        {
            var bytes = new byte[8];
            BinaryPrimitives.WriteInt64BigEndian(bytes, number);
            return Field(bytes);
        }
    }

    [Fact]
    public void Seal_ManyEvents_HaveSaltsOfTheirOwn()
    {
        var salts = Enumerable.Range(0, 1_000).AsParallel()
            .Select(i => Convert.ToHexString(RunEventChain.Seal("run_1", i + 1, RunEventChain.Start, new RunEventDraft
            {
                At = DateTimeOffset.UnixEpoch,
                Source = EventSource.Agent,
                Type = "some.type",
                Data = "{}"u8.ToArray(),
            }).Salt.Span))
            .ToList();

        Assert.Equal(1_000, salts.Distinct().Count());
        Assert.DoesNotContain(new string('0', 64), salts);
    }

    [Theory]
    [InlineData("payload")]
    [InlineData("type")]
    [InlineData("time")]
    [InlineData("actor")]
    [InlineData("call")]
    public void Verify_OneFieldChanged_FailsThere(string field)
    {
        var events = new RunEvents("run_1").Created("ses_1", "usr_1");
        var second = events.Own(RunEventTypes.UserMessage, """{"text":"hello"}""");
        var changed = Copy(
            second,
            type: field == "type" ? "run.started" : second.Type,
            at: field == "time" ? second.At.AddMicroseconds(1) : second.At,
            data: field == "payload" ? Encoding.UTF8.GetBytes("""{"text":"hallo"}""") : second.Data,
            actor: field == "actor" ? new EventActor("usr_2", "Staff") : second.Actor,
            callId: field == "call" ? "" : second.CallId,
            salt: second.Salt);

        Assert.Equal([true, false], Verified([events.All[0], changed]));
    }

    [Fact]
    public void Verify_ForgottenPayload_StillHolds()
    {
        var events = new RunEvents("run_1").Created("ses_1", "usr_1");
        var second = events.Own(RunEventTypes.UserMessage, """{"text":"hello"}""");
        var third = events.Own(RunEventTypes.RunStarted, "{}");
        var forgotten = Copy(second, second.Type, second.At, ReadOnlyMemory<byte>.Empty, second.Actor, second.CallId, ReadOnlyMemory<byte>.Empty);

        Assert.Equal([true, true, true], Verified([events.All[0], forgotten, third]));
    }

    [Fact]
    public void Verify_EventLeftOut_FailsAfterTheGap()
    {
        var events = new RunEvents("run_1").Created("ses_1", "usr_1");
        events.Own(RunEventTypes.UserMessage, """{"text":"hello"}""");
        events.Own(RunEventTypes.RunStarted, "{}");

        Assert.Equal([true, false], Verified([events.All[0], events.All[2]]));
    }

    private static bool[] Verified(IReadOnlyList<RunEvent> events) =>
        [.. events.Select((e, i) => RunEventChain.Verify(e, i == 0 ? RunEventChain.Start : events[i - 1].Hash))];

    private static RunEvent Copy(
        RunEvent e, string type, DateTimeOffset at, ReadOnlyMemory<byte> data, EventActor? actor, string? callId, ReadOnlyMemory<byte> salt) => new()
        {
            RunId = e.RunId,
            Seq = e.Seq,
            At = at,
            Source = e.Source,
            Actor = actor,
            Type = type,
            CallId = callId,
            Data = data,
            Salt = salt,
            PayloadDigest = e.PayloadDigest,
            Hash = e.Hash,
        };
}
