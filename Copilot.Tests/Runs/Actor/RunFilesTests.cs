using System.Security.Cryptography;
using System.Text.Json;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Runs.Actor;

/// <summary>Files of messages on their way to the upstream, over real sockets, disk and database.</summary>
public sealed class RunFilesTests : RunScene
{
    [Fact]
    public async Task Run_WithFiles_SendsThemOnceAndGoesOnWithADelta()
    {
        _host = await RunHost.StartAsync(_upstream.BaseUrl, new TestTool("look", _ => Task.FromResult("found it")));
        var picture = await _host.Files.AddAsync("pump.png", TestFiles.Png);
        var notes = await _host.Files.AddAsync("notes.txt", "leaks at night"u8.ToArray());
        var run = await StartAsync("What is wrong?", new RunParent.Latest(), picture, notes);
        var socket = await _upstream.NextSocketAsync();

        var first = Json(await socket.ReceiveAsync());
        await socket.SendAsync(Frames.Calls("resp_1", ("call_1", "look")));
        var second = Json(await socket.ReceiveAsync());
        await socket.SendAsync(Frames.Answer("resp_2", "The seal."));
        var events = await _host.RestAsync(run.RunId);

        Assert.Equal(
            $$"""{"type":"message","role":"user","content":[{"type":"input_text","text":"What is wrong?"},{"type":"input_image","image_url":"data:image/png;base64,{{Convert.ToBase64String(TestFiles.Png)}}","detail":"auto"},{"type":"input_file","filename":"notes.txt","file_data":"data:text/plain;base64,{{Convert.ToBase64String("leaks at night"u8)}}"}]}""",
            Assert.Single(first.GetProperty("input").EnumerateArray()).GetRawText());
        // A delta: the session found the whole input to begin with what was sent, byte for byte.
        Assert.Equal("resp_1", second.GetProperty("previous_response_id").GetString());
        Assert.Equal("function_call_output", Assert.Single(second.GetProperty("input").EnumerateArray()).GetProperty("type").GetString());
        Assert.Equal(
            $$"""[{"id":"{{picture.Id}}","name":"pump.png","type":"image/png","size":{{TestFiles.Png.Length}}},{"id":"{{notes.Id}}","name":"notes.txt","type":"text/plain","size":14}]""",
            events.Single(e => e.Type == RunEventTypes.UserMessage).Text("files"));
        var stored = (await _host.Database.Events.FindAsync(run.RunId, CancellationToken.None))!;
        Assert.Equal([picture, notes], stored.Files);
        Assert.Equal("ses_1", (await _host.Files.FindAsync(notes.Id, CancellationToken.None))!.SessionId);
    }

    [Fact]
    public async Task Run_FilesWithoutWords_SendsTheFilesAlone()
    {
        _host = await RunHost.StartAsync(_upstream.BaseUrl);
        var notes = await _host.Files.AddAsync("notes.txt", "a"u8.ToArray());
        await StartAsync("", new RunParent.Latest(), notes);
        var socket = await _upstream.NextSocketAsync();

        var input = Json(await socket.ReceiveAsync()).GetProperty("input");

        Assert.Equal(
            """[{"type":"message","role":"user","content":[{"type":"input_file","filename":"notes.txt","file_data":"data:text/plain;base64,YQ=="}]}]""",
            input.GetRawText());
        Assert.Equal("notes.txt", await _host.Database.ScalarAsync<string>("SELECT title FROM sessions"));
    }

    [Fact]
    public async Task Run_NextAndRetry_SendTheSameBytesAgain()
    {
        _host = await RunHost.StartAsync(_upstream.BaseUrl);
        var notes = await _host.Files.AddAsync("notes.txt", RandomNumberGenerator.GetBytes(70_000));
        var run = await StartAsync("Read this", new RunParent.Latest(), notes);
        var sent = await AnswerAsync(run, "resp_1");
        var next = await StartAsync("And now?", new RunParent.Latest());
        var later = await AnswerAsync(next, "resp_2");
        var retry = await StartAsync(run.Input, new RunParent.SameAs(run.RunId), [.. run.Files]);

        var again = await AnswerAsync(retry, "resp_3");

        Assert.Equal(sent[0].GetRawText(), later[0].GetRawText());
        Assert.Equal(3, later.GetArrayLength());
        Assert.Equal(sent.GetRawText(), again.GetRawText());
    }

    [Fact]
    public async Task Run_AfterARestart_SendsTheSameBytesAgain()
    {
        _host = await RunHost.StartAsync(_upstream.BaseUrl);
        var notes = await _host.Files.AddAsync("notes.txt", RandomNumberGenerator.GetBytes(70_000));
        var run = await StartAsync("Read this", new RunParent.Latest(), notes);
        var socket = await _upstream.NextSocketAsync();
        var before = Json(await socket.ReceiveAsync()).GetProperty("input").GetRawText();

        await _host.RestartAsync();
        await _host.Runs.AskAsync(run.RunId, new RunCommand.Resume(RunHost.Owner, RepeatUnknownTools: false), CancellationToken.None);

        Assert.Equal(before, (await AnswerAsync(run, "resp_1")).GetRawText());
    }

    [Fact]
    public async Task Run_FileWasForgotten_IsToldSoEachTimeAlike()
    {
        _host = await RunHost.StartAsync(_upstream.BaseUrl);
        var notes = await _host.Files.AddAsync("notes.txt", "a"u8.ToArray());
        await AnswerAsync(await StartAsync("Read this", new RunParent.Latest(), notes), "resp_1");
        await _host.Files.EraseSessionAsync("ses_1", CancellationToken.None);

        var first = await AnswerAsync(await StartAsync("Again", new RunParent.Latest()), "resp_2");
        var second = await AnswerAsync(await StartAsync("And again", new RunParent.Latest()), "resp_3");

        Assert.Equal(
            """[{"type":"input_text","text":"Read this"},{"type":"input_text","text":"(The file \"notes.txt\" (1 bytes) that was attached here is no longer available.)"}]""",
            first[0].GetProperty("content").GetRawText());
        Assert.Equal(first[0].GetRawText(), second[0].GetRawText());
    }

    [Fact]
    public async Task Run_FileIsForgottenWhileTheRunWorks_SendsTheWholeInputAnew()
    {
        _host = await RunHost.StartAsync(_upstream.BaseUrl, new TestTool("look", async _ =>
        {
            await _host.Files.EraseSessionAsync("ses_1", CancellationToken.None);
            return "found it";
        }));
        var notes = await _host.Files.AddAsync("notes.txt", "a"u8.ToArray());
        var run = await StartAsync("Read this", new RunParent.Latest(), notes);
        var socket = await _upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Calls("resp_1", ("call_1", "look")));

        var second = Json(await socket.ReceiveAsync());
        await socket.SendAsync(Frames.Answer("resp_2", "Done."));
        await _host.RestAsync(run.RunId);

        Assert.False(second.TryGetProperty("previous_response_id", out _));
        Assert.Contains("no longer available", second.GetProperty("input")[0].GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_MoreThanASocketMayCarry_GoesByHttpAndStreams()
    {
        _host = await RunHost.StartAsync(
            _upstream.BaseUrl,
            options =>
            {
                options.Transport = TransportChoice.Auto;
                options.MaxRequestBytes = 500_000;
            });
        var bytes = RandomNumberGenerator.GetBytes(400_000);
        var data = await _host.Files.AddAsync("data.bin", bytes);
        var run = await StartAsync("Read this", new RunParent.Latest(), data);

        var post = await _upstream.NextPostAsync();
        var part = Json(post.Body).GetProperty("input")[0].GetProperty("content")[1];
        await post.SendAsync(Frames.Answer("resp_1", "Read."));
        post.End();
        var events = await _host.RestAsync(run.RunId);

        Assert.Equal("data:application/octet-stream;base64," + Convert.ToBase64String(bytes), part.GetProperty("file_data").GetString());
        Assert.Equal(post.Body.Length, events.Last(e => e.Type == RunEventTypes.AttemptSent).Number("bytes"));
        Assert.Equal(RunEventTypes.RunCompleted, events[^1].Type);
    }

    [Fact]
    public async Task Start_NothingAtAll_IsRefused()
    {
        _host = await RunHost.StartAsync(_upstream.BaseUrl);

        var error = await Assert.ThrowsAsync<ArgumentException>(() => StartAsync(" ", new RunParent.Latest()));

        Assert.StartsWith("The message is empty. Write what the agent should do, or attach a file.", error.Message, StringComparison.Ordinal);
    }

    private static JsonElement Json(string frame) => JsonDocument.Parse(frame).RootElement;

    private async Task<RunSummary> StartAsync(string input, RunParent parent, params MessageFile[] files)
    {
        var outcome = await _host.Runs.StartAsync(
            RunHost.Request(input, "ses_1") with { Parent = parent, Files = files }, CancellationToken.None);
        return Assert.IsType<StartOutcome.Started>(outcome).Run;
    }

    /// <summary>Takes a run's one request, answers it, and gives what its input was.</summary>
    private async Task<JsonElement> AnswerAsync(RunSummary run, string responseId)
    {
        var socket = await _upstream.NextSocketAsync();
        var request = Json(await socket.ReceiveAsync());
        await socket.SendAsync(Frames.Answer(responseId, "Yes."));
        var ended = new List<RunEvent>();
        await foreach (var batch in _host.Feed.FollowAsync(run.RunId, 0, CancellationToken.None))
        {
            ended.AddRange(batch);
        }

        Assert.Equal(RunEventTypes.RunCompleted, ended[^1].Type);
        return request.GetProperty("input");
    }
}
