using Copilot.Web.Identity.Administration;
using Copilot.Web.Identity.Invitations;
using Copilot.Web.Sessions;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Copilot.Web.Components.Access;

/// <summary>Everybody who can sign in, the open invitations and what was changed last. Looks again every few seconds: commands change people, too.</summary>
public sealed partial class PeoplePage(TimeProvider time, ILogger<PeoplePage> logger) : WatchingPage(time, logger)
{
    private const int AuditCount = 20;

    private IReadOnlyList<PersonRow>? _people;
    private IReadOnlyList<InvitationInfo> _invitations = [];
    private IReadOnlyList<AuditEntry> _audit = [];
    private string _search = "";
    private bool _denied;

    [CascadingParameter]
    internal UserInfo User { get; set; } = null!;

    /// <summary>How often the page looks again.</summary>
    internal static TimeSpan LookInterval { get; } = TimeSpan.FromSeconds(4);

    private List<PersonRow> Found => [.. (_people ?? []).Where(IsFound)];

    /// <inheritdoc/>
    protected override Task NextChangeAsync() => Task.Delay(LookInterval, Time, Left);

    private bool IsFound(PersonRow person) => _search
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .All(word => ((string?[])[person.Name, person.UserName, person.Role, person.Team]).Any(text => text?.Contains(word, StringComparison.OrdinalIgnoreCase) is true));

    /// <inheritdoc/>
    protected override async Task<bool> ReadAsync(CancellationToken cancellationToken)
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

        return !_denied;
    }

    private async Task InviteAsync()
    {
        var dialog = await Dialogs.ShowAsync<InviteDialog>(
            AccessText.InviteTitle,
            new DialogParameters<InviteDialog> { { one => one.Teams, await Teams.ListAsync(Left) } },
            new DialogOptions { MaxWidth = MaxWidth.Small, FullWidth = true });
        await dialog.Result;
        await RefreshAsync();
    }

    private async Task WithdrawAsync(InvitationInfo invitation)
    {
        if (!await ConfirmDialog.AskAsync(Dialogs, AccessText.WithdrawTitle, [AccessText.WithdrawDetails(invitation.Name)], AccessText.Withdraw))
        {
            return;
        }

        await AccessChange.MakeAsync(
            Changing, Toasts, Logger, by => Invitations.WithdrawAsync(by, invitation.Id, CancellationToken.None), AccessText.Withdrawn, undo: null);
        await RefreshAsync();
    }
}
