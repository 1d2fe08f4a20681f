using System.Text.Json;
using Copilot.Web.Storage;

namespace Copilot.Tests.Storage;

public sealed class StoredSummaryTests
{
    [Fact]
    public void Summary_StoredBeforeFilesExisted_HasNone()
    {
        var summary = JsonSerializer.Deserialize(
            """{"run_id":"run_1","session_id":"ses_1","user_id":"usr_1","team_id":"team_1","agent_name":"a","model":"m","created_at":"2026-11-23T09:00:00+00:00"}""",
            StorageJson.Default.RunSummary)!;

        Assert.Empty(summary.Files);
    }
}
