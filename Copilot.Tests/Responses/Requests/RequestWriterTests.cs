using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Requests;
using Copilot.Tests.Responses.Connecting;

namespace Copilot.Tests.Responses.Requests;

public sealed class RequestWriterTests
{
    private static readonly ResponseSettings s_bare = new() { Model = "gpt-5.6" };

    private static readonly ResponseSettings s_full = new()
    {
        Model = "gpt-5.6",
        Instructions = "Be brief – \"please\".",
        Tools = """[{"type":"function","name":"find"}]"""u8.ToArray(),
        ParallelToolCalls = false,
        Store = true,
        ReasoningEffort = "low",
        ReasoningSummary = "auto",
        MaxOutputTokens = 100,
        PromptCacheKey = "session-1",
        Text = """{"format":{"type":"text"}}"""u8.ToArray(),
        Metadata = new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" },
    };

    [Fact]
    public void Write_BareOverWebSocket_IsFlat() => Assert.Equal(
        """{"type":"response.create","model":"gpt-5.6","store":false,"include":["reasoning.encrypted_content"],"input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"hi"}]}]}""",
        Write(new ResponseRequest { Settings = s_bare, Input = [InputItem.UserMessage("hi")] }, TransportKind.WebSocket));

    [Fact]
    public void Write_BareOverHttp_Streams() => Assert.Equal(
        """{"stream":true,"model":"gpt-5.6","store":false,"include":["reasoning.encrypted_content"],"input":[]}""",
        Write(new ResponseRequest { Settings = s_bare, Input = [], PreviousResponseId = "resp_1", WarmUp = true }, TransportKind.Http));

    [Fact]
    public void Write_Full_HasEveryField() => Assert.Equal(
        """{"type":"response.create","model":"gpt-5.6","store":true,"instructions":"Be brief – \"please\".","tools":[{"type":"function","name":"find"}],"parallel_tool_calls":false,"reasoning":{"effort":"low","summary":"auto"},"max_output_tokens":100,"prompt_cache_key":"session-1","text":{"format":{"type":"text"}},"metadata":{"a":"1","b":"2"},"previous_response_id":"resp_1","generate":false,"input":[]}""",
        Write(new ResponseRequest { Settings = s_full, Input = [], PreviousResponseId = "resp_1", WarmUp = true }, TransportKind.WebSocket));

    [Fact]
    public void Write_StoredOverHttp_HasThePreviousResponse() => Assert.Contains(
        "\"previous_response_id\":\"resp_1\"",
        Write(new ResponseRequest { Settings = s_full, Input = [], PreviousResponseId = "resp_1" }, TransportKind.Http),
        StringComparison.Ordinal);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public void Length_Request_IsExact(int items)
    {
        foreach (var kind in Enum.GetValues<TransportKind>())
        {
            var request = new ResponseRequest { Settings = s_full, Input = [.. Enumerable.Range(0, items).Select(i => InputItem.UserMessage($"é {i}"))] };
            var prepared = UpstreamLeg.Prepare(kind, request);
            Assert.Equal(prepared.Pieces().Sum(piece => piece.Length), prepared.Length);
            Assert.Equal(prepared.Pieces().SelectMany(piece => piece.ToArray()), prepared.ToArray());
        }
    }

    [Fact]
    public void Write_ItemWithContents_PutsThemIntoTheJson()
    {
        // More than a chunk, and of a length that base64 pads.
        var bytes = RandomNumberGenerator.GetBytes(200_000);
        var item = InputMessage.WithContents(
            InputMessage.Of("Look", [new MessageFile("f1", "a \"b\".txt", "text/plain", bytes.Length), new MessageFile("f2", "c.png", "image/png", 1), new MessageFile("f3", "gone.md", "text/markdown", 7)]),
            file => file.Id switch
            {
                "f1" => new InputContent("digest1", bytes.Length, () => new MemoryStream(bytes)),
                "f2" => new InputContent("digest2", 1, () => new MemoryStream([65])),
                _ => null,
            });
        var request = new ResponseRequest { Settings = s_bare, Input = [InputItem.UserMessage("before"), item, InputItem.UserMessage("after")] };
        foreach (var kind in Enum.GetValues<TransportKind>())
        {
            var written = Write(request, kind);

            Assert.Equal(written.Length, UpstreamLeg.Prepare(kind, request).Length);
            using var document = JsonDocument.Parse(written);
            var input = document.RootElement.GetProperty("input");
            Assert.Equal(3, input.GetArrayLength());
            Assert.Equal(
                "[{\"type\":\"input_text\",\"text\":\"Look\"},"
                + $$"""{"type":"input_file","filename":"a \"b\".txt","file_data":"data:text/plain;base64,{{Convert.ToBase64String(bytes)}}"},"""
                + """{"type":"input_image","image_url":"data:image/png;base64,QQ==","detail":"auto"},"""
                + """{"type":"input_text","text":"(The file \"gone.md\" (7 bytes) that was attached here is no longer available.)"}]""",
                input[1].GetProperty("content").GetRawText());
        }
    }

    [Fact]
    public void Pieces_LargeContents_AreNeverInMemory()
    {
        const int Size = 20 * 1024 * 1024;
        var contents = Enumerable.Range(0, 10).ToDictionary(i => $"f{i}", i => new InputContent($"d{i}", Size, () => new Zeros(Size)));
        var files = contents.Keys.Select(id => new MessageFile(id, id, "application/pdf", Size)).ToList();
        var request = new ResponseRequest { Settings = s_bare, Input = [InputMessage.WithContents(InputMessage.Of("", files), file => contents[file.Id])] };
        var before = GC.GetAllocatedBytesForCurrentThread();

        var prepared = UpstreamLeg.Prepare(TransportKind.Http, request);
        var length = prepared.Pieces().Sum(piece => (long)piece.Length);

        Assert.Equal(prepared.Length, length);
        Assert.InRange(length, 10L * Size * 4 / 3, 10L * Size * 3 / 2);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 * 1024 * 1024);
    }

    [Fact]
    public async Task WriteCompact_LargeContents_AreNeverInMemory()
    {
        const int Size = 20 * 1024 * 1024;
        var contents = Enumerable.Range(0, 10).ToDictionary(i => $"f{i}", i => new InputContent($"d{i}", Size, () => new Zeros(Size)));
        var files = contents.Keys.Select(id => new MessageFile(id, id, "application/pdf", Size)).ToList();
        await using var wire = new Counted();
        var before = GC.GetAllocatedBytesForCurrentThread();

        using var body = RequestWriter.WriteCompact(s_bare, [InputMessage.WithContents(InputMessage.Of("", files), file => contents[file.Id])]);
        var written = body.CopyToAsync(wire);

        Assert.True(written.IsCompletedSuccessfully, "else it ran on other threads, whose memory is not counted");
        Assert.Equal(body.Headers.ContentLength, wire.Length);
        Assert.InRange(wire.Length, 10L * Size * 4 / 3, 10L * Size * 3 / 2);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 * 1024 * 1024);
        await written;
    }

    [Fact]
    public void Write_ContentThatIsGone_IsALostRequestNotAFault()
    {
        var item = InputMessage.WithContents(
            InputMessage.Of("", [new MessageFile("f1", "a", "text/plain", 5)]),
            _ => new InputContent("d", 5, () => throw new FileNotFoundException("gone")));
        var shorter = InputMessage.WithContents(
            InputMessage.Of("", [new MessageFile("f1", "a", "text/plain", 5)]), _ => new InputContent("d", 5, () => new MemoryStream([1])));

        foreach (var broken in (InputItem[])[item, shorter])
        {
            var prepared = UpstreamLeg.Prepare(TransportKind.WebSocket, new ResponseRequest { Settings = s_bare, Input = [broken] });
            var error = Assert.Throws<TransportException>(prepared.ToArray);
            Assert.Equal(TransportFailure.Lost, error.Failure);
            Assert.False(error.MayHaveBeenSent);
        }
    }

    [Fact]
    public void IsSame_Items_ComparesWhatGoesOverTheWire()
    {
        static InputItem Item(string digest) => InputMessage.WithContents(
            InputMessage.Of("a", [new MessageFile("f1", "a", "text/plain", 5)]), _ => new InputContent(digest, 5, () => new MemoryStream()));
        var gone = InputMessage.WithContents(InputMessage.Of("a", [new MessageFile("f1", "a", "text/plain", 5)]), _ => null);

        Assert.True(Item("d1").IsSame(Item("d1")));
        Assert.False(Item("d1").IsSame(Item("d2")));
        Assert.False(Item("d1").IsSame(gone));
        Assert.True(InputItem.UserMessage("a").IsSame(InputMessage.Of("a", [])));
    }

    /// <summary>Counts what is written, without having it.</summary>
    private sealed class Counted : Stream
    {
        private long _length;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => _length;

        public override long Position { get => _length; set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => _length += count;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _length += buffer.Length;
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>As many zero bytes as are wanted, without having them.</summary>
    private sealed class Zeros(long length) : Stream
    {
        private long _left = length;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var read = (int)Math.Min(buffer.Length, _left);
            buffer[..read].Clear();
            _left -= read;
            return read;
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    private static string Write(ResponseRequest request, TransportKind kind) =>
        Encoding.UTF8.GetString(UpstreamLeg.Prepare(kind, request).ToArray());
}
