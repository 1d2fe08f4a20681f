using Copilot.Web.Supervision.Claims;
using Copilot.Web.Supervision.Help;
using Copilot.Web.Supervision.Incident;
using Copilot.Web.Supervision.Rules;

namespace Copilot.Web.Supervision;

/// <summary>Reads what is kept in memory before the server listens and before runs are recovered.</summary>
internal sealed class SupervisionStart(HelpRequests help, Levers levers, SupervisionRules rules, RunClaims claims) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await levers.LoadAsync(cancellationToken);
        await rules.LoadAsync(cancellationToken);
        await help.LoadAsync(cancellationToken);
        await claims.LoadAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
