using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Copilot.Domain.Audit;
using Copilot.Tests.Runs.Comments;
using Copilot.Tests.Shared.Hosts;
using Copilot.Web.Api;
using Copilot.Web.Runs.Comments;
using Copilot.Web.Identity;
using Copilot.Web.Identity.Administration;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Api.Comments;

/// <summary>Comments by key: the same as on the page.</summary>
public sealed class CommentApiTests : CommentScene
{
    private static readonly Uri s_comments = new($"/api/runs/{Run}/comments", UriKind.Relative);

    [Fact]
    public async Task Comments_ByKey_AreSetAnsweredSettledAndDeleted()
    {
        using var anna = await ProgramAsync(Anna);
        using var sue = await ProgramAsync(Sue);

        using var set = await sue.PostAsJsonAsync(s_comments, new { text = "Why, @anna?", seq = 2 });
        Assert.Equal(HttpStatusCode.Created, set.StatusCode);
        var marker = await RunApiTests.JsonAsync(set);
        var id = marker.GetProperty("comment_id").GetString()!;
        Assert.Equal(2, marker.GetProperty("seq").GetInt64());
        Assert.Equal("sue", marker.GetProperty("author").GetString());
        Assert.Equal(Anna.UserId, Assert.Single(marker.GetProperty("mentions").EnumerateArray()).GetString());
        using var replied = await anna.PostAsJsonAsync(s_comments, new { text = "Because.", reply_to = id });
        var reply = await RunApiTests.JsonAsync(replied);
        Assert.Equal(id, reply.GetProperty("reply_to").GetString());
        using var edited = await anna.PatchAsJsonAsync(Of(reply.GetProperty("comment_id").GetString()!), new { text = "It was cheap." });
        Assert.NotEqual(JsonValueKind.Null, (await RunApiTests.JsonAsync(edited)).GetProperty("edited_at").ValueKind);
        using var settled = await anna.PatchAsJsonAsync(Of(id), new { settled = true });
        Assert.Equal("anna", (await RunApiTests.JsonAsync(settled)).GetProperty("settled_by").GetString());

        var list = Assert.Single((await ReadAsync(sue, "?state=settled")).EnumerateArray());
        Assert.Equal("It was cheap.", Assert.Single(list.GetProperty("replies").EnumerateArray()).GetProperty("text").GetString());
        Assert.Empty((await ReadAsync(sue, "?state=open")).EnumerateArray());
        using var notTheirs = await sue.DeleteAsync(Of(reply.GetProperty("comment_id").GetString()!));
        await RunApiTests.AssertProblemAsync(notTheirs, HttpStatusCode.Forbidden);
        using var deleted = await anna.DeleteAsync(Of(reply.GetProperty("comment_id").GetString()!));
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using var again = await anna.DeleteAsync(Of(reply.GetProperty("comment_id").GetString()!));
        await RunApiTests.AssertProblemAsync(again, HttpStatusCode.NotFound);

        await using var db = await ContextAsync();
        Assert.Equal(1, await db.AccessLog.CountAsync(row => row.Action == AccessActions.CommentsRead && row.ActorId == Sue.UserId && row.ObjectId == Run));
        Assert.Equal(0, await db.AccessLog.CountAsync(row => row.Action == AccessActions.CommentsRead && row.ActorId == Anna.UserId));
        Assert.NotNull((await db.AccessLog.SingleAsync(row => row.Action == AccessActions.Commented && row.ActorId == Sue.UserId)).KeyId);
    }

    [Fact]
    public async Task Comments_OfARunThatTheCallerMayNotSee_DoNotExist()
    {
        var id = await AddAsync(Anna, "Mine");
        using var ted = await ProgramAsync(Ted);

        using var read = await ted.GetAsync(s_comments);
        using var set = await ted.PostAsJsonAsync(s_comments, new { });
        using var changed = await ted.PatchAsJsonAsync(Of(id), new { text = "x" });
        using var deleted = await ted.DeleteAsync(Of(id));

        await RunApiTests.AssertProblemAsync(read, HttpStatusCode.NotFound);
        await RunApiTests.AssertProblemAsync(set, HttpStatusCode.NotFound);
        await RunApiTests.AssertProblemAsync(changed, HttpStatusCode.NotFound);
        await RunApiTests.AssertProblemAsync(deleted, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Set_TwiceWithTheSameId_IsOneComment_OfEachPerson()
    {
        using var anna = await ProgramAsync(Anna);
        using var sue = await ProgramAsync(Sue);
        var ids = new List<string>();
        foreach (var client in (HttpClient[])[anna, anna, sue])
        {
            using var set = await client.PostAsJsonAsync(s_comments, new { text = "Why?", id = "note-1" });
            Assert.Equal(HttpStatusCode.Created, set.StatusCode);
            ids.Add((await RunApiTests.JsonAsync(set)).GetProperty("comment_id").GetString()!);
        }

        using var replied = await anna.PostAsJsonAsync(s_comments, new { text = "Because.", reply_to = ids[2], id = "note-2" });
        using var again = await anna.PostAsJsonAsync(s_comments, new { text = "Because.", reply_to = ids[2], id = "note-2" });

        Assert.Equal(ids[0], ids[1]);
        Assert.NotEqual(ids[0], ids[2]);
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.Equal([0, 1], (await ReadAsync()).OrderBy(thread => thread.Marker.AuthorId == Sue.UserId).Select(thread => thread.Replies.Count));
    }

    [Theory]
    [InlineData("""{"text":"x","id":"a b"}""", ApiText.SteerIdInvalid)]
    [InlineData("""{"seq":1}""", ApiText.CommentTextMissing)]
    [InlineData("""{"text":"x","seq":9}""", CommentText.MomentInvalid)]
    [InlineData("""{"text":"x","seq":"first"}""", "'seq' must be a whole number.")]
    public async Task Set_WithWhatCannotBe_Answers400(string body, string sentence)
    {
        using var anna = await ProgramAsync(Anna);

        using var response = await anna.PostAsync(s_comments, new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

        Assert.Equal(sentence, (await RunApiTests.AssertProblemAsync(response, HttpStatusCode.BadRequest)).GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Change_OfTextAndStateAtOnce_AndAnUnknownState_Answer400()
    {
        var id = await AddAsync(Anna, "Mine");
        using var anna = await ProgramAsync(Anna);

        using var both = await anna.PatchAsJsonAsync(Of(id), new { text = "x", settled = true });
        using var neither = await anna.PatchAsJsonAsync(Of(id), new { });
        using var unknown = await anna.GetAsync(new Uri($"{s_comments}?state=done", UriKind.Relative));

        await RunApiTests.AssertProblemAsync(both, HttpStatusCode.BadRequest);
        await RunApiTests.AssertProblemAsync(neither, HttpStatusCode.BadRequest);
        await RunApiTests.AssertProblemAsync(unknown, HttpStatusCode.BadRequest);
    }

    private static Uri Of(string id) => new($"{s_comments}/{id}", UriKind.Relative);

    private static async Task<JsonElement> ReadAsync(HttpClient client, string query)
    {
        using var response = await client.GetAsync(new Uri(s_comments + query, UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await RunApiTests.JsonAsync(response)).GetProperty("comments");
    }

    private async Task<HttpClient> ProgramAsync(ChangedBy person) =>
        _host.Program((await _host.Services.GetRequiredService<ApiKeys>().CreateAsync(person.UserId!, "test", CancellationToken.None)).Key);
}
