using Copilot.Web.Identity.Administration;
using Copilot.Web.Identity.Invitations;
using Copilot.Web.Sessions;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Copilot.Web.Components.Access;

/// <summary>Everybody who can sign in, the open invitations and what was changed last. Looks again every few seconds: commands change people, too.</summary>
public sealed partial class PeoplePage(TimeProvider time, ILogger<PeoplePage> logger) : IAsyncDisposable
{
    private const int AuditCount = 20;

    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;
    private IReadOnlyList<PersonRow>? _people;
    private IReadOnlyList<InvitationInfo> _invitations = [];
    private IReadOnlyList<AuditEntry> _audit = [];
    private string _search = "";
    private bool _denied;
    private bool _failed;

    [CascadingParameter]
    internal UserInfo User { get; set; } = null!;

    /// <summary>How often the page looks again.</summary>
    internal static TimeSpan LookInterval { get; } = TimeSpan.FromSeconds(4);

    private List<PersonRow> Found => [.. (_people ?? []).Where(IsFound)];

    /// <inheritdoc/>
    protected override void OnInitialized() =>
        _loop = ChangeWatcher.FollowAsync(() => Task.Delay(LookInterval, time, _stop.Token), RefreshAsync, time, logger, _stop.Token);

    /// <summary>Stops looking.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private bool IsFound(PersonRow person) => _search
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .All(word => ((string?[])[person.Name, person.UserName, person.Role, person.Team]).Any(text => text?.Contains(word, StringComparison.OrdinalIgnoreCase) is true));

    private async Task<bool> RefreshAsync(CancellationToken cancellationToken)
    {
        try
        {
            await InvokeAsync(() => ReadAsync(cancellationToken));
        }
        catch when (!cancellationToken.IsCancellationRequested)
        {
            await InvokeAsync(() =>
            {
                _failed = true;
                StateHasChanged();
            });
            throw;
        }

        return !_denied;
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var reader = await Changing.FindAsync(cancellationToken);
        var people = reader is null ? null : await Directory.ListAsync(reader, cancellationToken);
        _denied = people is null;
        _people = people;
        if (reader is not null && people is not null)
        {
            _invitations = await Invitations.ListOpenAsync(reader, cancellationToken) ?? [];
            _audit = await Audit.NewestAsync(reader, AuditCount, cancellationToken) ?? [];
        }

        _failed = false;
        StateHasChanged();
    }

    private async Task InviteAsync()
    {
        var dialog = await Dialogs.ShowAsync<InviteDialog>(
            AccessText.InviteTitle,
            new DialogParameters<InviteDialog> { { one => one.Teams, await Teams.ListAsync(_stop.Token) } },
            new DialogOptions { MaxWidth = MaxWidth.Small, FullWidth = true });
        await dialog.Result;
        await ReadAsync(_stop.Token);
    }

    private async Task WithdrawAsync(InvitationInfo invitation)
    {
        if (!await ConfirmDialog.AskAsync(Dialogs, AccessText.WithdrawTitle, [AccessText.WithdrawDetails(invitation.Name)], AccessText.Withdraw))
        {
            return;
        }

        await AccessChange.MakeAsync(
            Changing, Toasts, logger, by => Invitations.WithdrawAsync(by, invitation.Id, CancellationToken.None), AccessText.Withdrawn, undo: null);
        await ReadAsync(_stop.Token);
    }
}
