using Copilot.Domain.Erasure.Records;
using Copilot.Domain.Responses;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Upstream;
using Copilot.Web.Storage.Erasure;
using Copilot.Web.Storage.Sessions;

namespace Copilot.Tests.Erasure;

/// <summary>Conversations that go on after their content was erased.</summary>
public sealed class ErasureFollowUpTests
{
    [Fact]
    public async Task Request_AgainAfterANewMessage_ErasesThatToo()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var fixture = await ErasureFixture.StartAsync(upstream.BaseUrl, options => options.Transport = TransportChoice.WebSocket);
        await fixture.AnswerAsync(upstream);
        var first = await fixture.EraseAsync("ses_1");
        Assert.Equal(first.Request.Id, (await fixture.AskAsync("ses_1")).Id);

        var later = await fixture.Host.StartRunAsync("What did I ask?");
        var socket = await upstream.NextSocketAsync();
        var request = await socket.ReceiveAsync();
        await socket.SendAsync(Frames.Answer("resp_2", "I do not know."));
        await fixture.Host.RestAsync(later.RunId);

        // The model learns that something was there, but not what.
        Assert.Contains("(This message was forgotten.)", request, StringComparison.Ordinal);
        Assert.DoesNotContain("Hello", request, StringComparison.Ordinal);
        fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        var second = await fixture.EraseAsync("ses_1");
        Assert.NotEqual(first.Request.Id, second.Request.Id);
        Assert.Equal(later.RunId, Assert.Single(second.Runs).RunId);
        Assert.Equal(ErasureState.Forgotten, second.Request.State);
    }

    [Fact]
    public async Task Append_MessageAfterErasure_NamesTheConversationOnce()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var fixture = await ErasureFixture.StartAsync(upstream.BaseUrl, options => options.Transport = TransportChoice.WebSocket);
        await fixture.AnswerAsync(upstream);
        await fixture.EraseAsync("ses_1");
        Assert.Equal(RunEraser.Title, await TitleAsync(fixture));

        await fixture.Host.StartRunAsync("How much is a pump?");
        Assert.Equal("How much is a pump?", await TitleAsync(fixture));
        Assert.Single(await fixture.Host.Database.Sessions.ListAsync("usr_1", SessionFilter.All, "pump", null, 10, CancellationToken.None));
        Assert.True(await fixture.Host.Database.Sessions.RenameAsync("ses_1", RunEraser.Title, CancellationToken.None));
        await fixture.Host.StartRunAsync("And two?");
        Assert.Equal(RunEraser.Title, await TitleAsync(fixture));

        static async Task<string> TitleAsync(ErasureFixture fixture) =>
            (await fixture.Host.Database.Sessions.FindAsync("ses_1", CancellationToken.None))!.Title;
    }
}
