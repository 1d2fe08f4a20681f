using System.Text;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Responses.Transports;
using Copilot.Tests.Responses.Connecting;
using Copilot.Tests.Responses.Transports;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Responses.Requests;

/// <summary>What is written and read for one attempt, from the plan to the wire.</summary>
public sealed class PreparedRequestTests : BothTransportsScene
{
    private readonly CountedMetadata _metadata = new();
    private int _opened;

    [Fact]
    public async Task Plan_AttemptsOnBothTransports_WriteTheSettingsOnceAndReadTheFileOncePerAttempt()
    {
        await using var socket = await OpenAsync(_sockets);
        await using var post = await OpenAsync(_posts);
        var server = await _upstream.NextSocketAsync();
        var settings = Settings();
        var input = Input();

        var bytes = _session.Measure(TransportKind.WebSocket, settings, input);
        var first = _session.Plan(socket, settings, input);
        Assert.Equal(1, _metadata.Reads);
        Assert.Equal(0, _opened);

        var frame = await SendAsync(socket, server, first, "resp_1");
        Assert.Equal(1, _metadata.Reads);
        Assert.Equal(1, _opened);
        Assert.Equal(bytes, first.Bytes);
        Assert.Equal(bytes, Encoding.UTF8.GetByteCount(frame));
        _session.Completed("resp_1", []);

        await SendAsync(socket, server, _session.Plan(socket, settings, [.. input, InputItem.UserMessage("And?")]), "resp_2");
        Assert.Equal(1, _metadata.Reads);
        Assert.Equal(1, _opened);
        _session.Failed();

        var again = await SendAsync(socket, server, _session.Plan(socket, settings, input), "resp_3");
        Assert.Equal(1, _metadata.Reads);
        Assert.Equal(2, _opened);
        Assert.Equal(frame, again);
        _session.Failed();

        var byHttp = _session.Plan(post, settings, input);
        var reading = ReadAsync(post, byHttp.Prepared);
        var request = await _upstream.NextPostAsync();
        await request.SendAsync(ShortFrames.Completed("resp_4"));
        request.End();
        await reading.Soon("the response ends");
        Assert.Equal(1, _metadata.Reads);
        Assert.Equal(3, _opened);
        Assert.Equal(byHttp.Bytes, Encoding.UTF8.GetByteCount(request.Body));
        Assert.Equal(frame.Replace("\"type\":\"response.create\"", "\"stream\":true", StringComparison.Ordinal), request.Body);
    }

    [Fact]
    public async Task Plan_OtherSettings_WritesThemAnew()
    {
        await using var socket = await OpenAsync(_sockets);
        var settings = Settings();
        var before = _session.Plan(socket, settings, []);
        var after = _session.Plan(socket, settings with { Instructions = "Be thorough." }, []);
        var back = _session.Plan(socket, settings, []);

        Assert.Equal(3, _metadata.Reads);
        Assert.Contains("\"instructions\":\"Be thorough.\"", Encoding.UTF8.GetString(after.Prepared.ToArray()), StringComparison.Ordinal);
        Assert.Equal(before.Prepared.ToArray(), back.Prepared.ToArray());
    }

    [Theory]
    [InlineData(TransportKind.WebSocket)]
    [InlineData(TransportKind.Http)]
    public async Task CreateResponse_PreparedForTheOtherKind_IsRefusedAndNotSent(TransportKind kind)
    {
        await using var transport = await OpenAsync(kind is TransportKind.WebSocket ? _sockets : _posts);
        var before = _upstream.Requests;
        var other = kind is TransportKind.WebSocket ? TransportKind.Http : TransportKind.WebSocket;
        var request = UpstreamLeg.Prepare(other, UpstreamLeg.Request(transport, "hello").Request);

        await Assert.ThrowsAsync<ArgumentException>(() => ReadAsync(transport, request));

        Assert.Equal(before, _upstream.Requests);
    }

    private ResponseSettings Settings() => new()
    {
        Model = "gpt-5.6",
        Instructions = "Be brief – \"please\".",
        Tools = """[{"type":"function","name":"find"}]"""u8.ToArray(),
        Metadata = _metadata,
    };

    private InputItem[] Input()
    {
        var content = new InputContent("digest", 5, () =>
        {
            _opened++;
            return new MemoryStream([1, 2, 3, 4, 5]);
        });
        return
        [
            InputItem.UserMessage("before"),
            InputMessage.WithContents(InputMessage.Of("Look", [new MessageFile("f1", "a.txt", "text/plain", 5)]), _ => content),
        ];
    }
}
