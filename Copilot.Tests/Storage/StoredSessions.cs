using Copilot.Domain.Runs.Events;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Web.Storage.Sessions;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Tests.Storage;

/// <summary>Conversations in a database, and what a person finds of them.</summary>
internal static class StoredSessions
{
    public static Task AddAsync(TestDatabase database, string name, DateTimeOffset at, string text)
    {
        var run = new FakeRun(name);
        run.Summary = run.Summary with { CreatedAt = at };
        var created = run.Created(text);
        return database.Events.AppendAsync(
            [created with { Summary = created.Summary with { LastEventAt = at } }], CancellationToken.None);
    }

    public static async Task<IEnumerable<string>> ListAsync(TestDatabase database, string? search) =>
        (await database.Sessions.ListAsync("usr_1", SessionFilter.All, search, null, 10, CancellationToken.None)).Select(session => session.Id);
}
