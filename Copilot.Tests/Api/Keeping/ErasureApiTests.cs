using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Copilot.Domain.Erasure;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Web.Identity;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Audit;
using Copilot.Web.Storage.Runs;
using Copilot.Web.Storage.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Api.Keeping;

public sealed class ErasureApiTests : IAsyncLifetime
{
    private PeopleHost _host = null!;
    private HttpClient _owner = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await PeopleHost.StartAsync(new HostSettings { IsDemo = true });
        _owner = _host.Program("demo-key");
        var log = new RunEvents("run_1").Created("ses_1", "usr_demo_staff1");
        log.Own(RunEventTypes.UserMessage, """{"text":"Hello"}""");
        log.Own(RunEventTypes.RunCompleted, """{"duration_ms":1}""");
        using var events = new EfRunEventStore(
            _host.Services.GetRequiredService<IDbContextFactory<CopilotDbContext>>(), _host.Services.GetRequiredService<WriteLock>(), new ChangedChains());
        await events.AppendAsync([new RunAppend(log.Summary, log.All)], CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        _owner.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Delete_OwnSession_HidesItAtOnceAndAnswersHowFarItIs()
    {
        using var response = await _owner.DeleteAsync("/api/sessions/ses_1");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("/api/sessions/ses_1/forgetting", response.Headers.Location?.OriginalString);
        var document = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(
            ["forgetting_id", "session_id", "state", "cause", "requested_by", "rule", "requested_at", "erased_at", "finished_at", "problem", "responses", "runs", "owner_id", "checks", "not_confirmed"],
            document.EnumerateObject().Select(field => field.Name));
        Assert.Equal("requested", Text(document, "state"));
        Assert.Equal("deletion", Text(document, "cause"));
        Assert.Equal("usr_demo_staff1", Text(document.GetProperty("requested_by"), "id"));
        Assert.Equal(Roles.Staff, Text(document.GetProperty("requested_by"), "role"));
        Assert.Null(await _host.Services.GetRequiredService<SessionStore>().FindAsync("ses_1", CancellationToken.None));

        // Asking twice is asking once, and the state can be read although the session is off the list.
        using var again = await _owner.DeleteAsync("/api/sessions/ses_1");
        using var read = await _owner.GetAsync("/api/sessions/ses_1/forgetting");
        var id = Text(document, "forgetting_id");
        Assert.Equal(id, Text(await again.Content.ReadFromJsonAsync<JsonElement>(), "forgetting_id"));
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        Assert.Equal(id, Text(await read.Content.ReadFromJsonAsync<JsonElement>(), "forgetting_id"));
    }

    [Theory]
    [InlineData(Roles.Staff, false)]
    [InlineData(Roles.Supervisor, false)]
    [InlineData(Roles.Admin, true)]
    public async Task Delete_SomebodyElses_IsForAdminsAlone(string role, bool allowed)
    {
        var userId = await _host.CreatePersonAsync("anna", role, "team_default");
        var key = (await _host.Services.GetRequiredService<ApiKeys>().CreateAsync(userId, "test", CancellationToken.None)).Key;
        using var client = _host.Program(key);

        using var deleted = await client.DeleteAsync("/api/sessions/ses_1");
        using var read = await client.GetAsync("/api/sessions/ses_1/forgetting");

        Assert.Equal(allowed ? HttpStatusCode.Accepted : HttpStatusCode.NotFound, deleted.StatusCode);
        Assert.Equal(allowed ? HttpStatusCode.OK : HttpStatusCode.NotFound, read.StatusCode);
        Assert.Equal(allowed, await _host.Services.GetRequiredService<IErasureStore>().FindNewestAsync("ses_1", CancellationToken.None) is not null);
    }

    [Fact]
    public async Task Requests_NothingThere_Answer404()
    {
        using var deleted = await _owner.DeleteAsync("/api/sessions/ses_none");
        using var read = await _owner.GetAsync("/api/sessions/ses_1/forgetting");
        using var nobody = await _host.Browser().GetAsync("/forgetting/fgt_1.json");

        Assert.Equal(HttpStatusCode.NotFound, deleted.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, read.StatusCode);
        Assert.NotEqual(HttpStatusCode.OK, nobody.StatusCode);
    }

    [Fact]
    public async Task Create_InASessionThatIsBeingForgotten_Answers409()
    {
        await _host.Services.GetRequiredService<ErasureService>().RequestAsync("usr_demo_staff1", "ses_1", delete: false, CancellationToken.None);

        using var response = await _owner.PostAsJsonAsync("/api/runs", new { input = "And now?", session_id = "ses_1" });

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Empty(_host.Runs.Requests);
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
