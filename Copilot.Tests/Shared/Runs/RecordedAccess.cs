using System.Security.Claims;
using Copilot.Domain.Audit;
using Copilot.Web.Sessions.Supervising;
using Microsoft.AspNetCore.Components.Authorization;

namespace Copilot.Tests.Shared.Runs;

/// <summary>Keeps what is to go into the access log, or refuses it, as the test says.</summary>
internal sealed class RecordedAccess : IAccessLog
{
    private readonly List<AccessEntry> _entries = [];

    /// <summary>What was recorded, in order.</summary>
    public IReadOnlyList<AccessEntry> Entries => _entries;

    /// <summary>What stops the recording of the newest entry.</summary>
    public CancellationToken Stopped { get; private set; }

    /// <summary>From now on nothing can be recorded.</summary>
    public bool IsFull { get; set; }

    /// <summary>Recording ends with this, as with a store that has other work.</summary>
    public Task Recorded { get; set; } = Task.CompletedTask;

    /// <summary>The same for a page whose address is not known.</summary>
    public PageAudit Page => new(this, new Nobody());

    public Task RecordAsync(AccessEntry entry, CancellationToken cancellationToken)
    {
        if (IsFull)
        {
            throw new AccessNotRecordedException(new IOException("The disk is full."));
        }

        _entries.Add(entry);
        Stopped = cancellationToken;
        return Recorded;
    }

    private sealed class Nobody : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(new AuthenticationState(new ClaimsPrincipal()));
    }
}
