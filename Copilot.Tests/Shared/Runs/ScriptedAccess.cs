using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;

namespace Copilot.Tests.Shared.Runs;

/// <summary>Lets people do what the test grants them on what is theirs or anybody's, until it is revoked.</summary>
internal sealed class ScriptedAccess : IRunAccess, IDisposable
{
    private readonly CancellationTokenSource _revoked = new();

    /// <summary>The rule.</summary>
    public Func<string, RunOwner, RunAction, bool> Allows { get; set; } = (user, owner, _) => user == owner.UserId;

    /// <summary>The role that everybody has.</summary>
    public string Role { get; set; } = "Staff";

    public Task<AccessLease?> TryAcquireAsync(
        string userId, RunOwner owner, RunAction action, CancellationToken cancellationToken) =>
        Task.FromResult(Allows(userId, owner, action)
            ? new AccessLease(new EventActor(userId, Role), _revoked.Token)
            : null);

    public void Revoke() => _revoked.Cancel();

    public void Dispose() => _revoked.Dispose();
}
