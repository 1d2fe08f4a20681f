using Copilot.Domain.Audit;
using Copilot.Web.Identity;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Sessions;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Copilot.Web.Components.Access;

/// <summary>One person: what they may do, where they are signed in, their keys, and what was changed. Looks again every few seconds.</summary>
public sealed partial class PersonPage(TimeProvider time, ILogger<PersonPage> logger) : WatchingPage(time, logger)
{
    private const int AuditCount = 100;

    private PersonRow? _person;
    private IReadOnlyList<SignInInfo> _signIns = [];
    private IReadOnlyList<ApiKeyInfo> _keys = [];
    private IReadOnlyList<AuditEntry> _audit = [];
    private bool _isRead;
    private bool _denied;

    /// <summary>The person's id.</summary>
    [Parameter]
    public required string Id { get; set; }

    [CascadingParameter]
    internal UserInfo User { get; set; } = null!;

    private bool IsSelf => _person?.Id == User.Id;

    /// <inheritdoc/>
    protected override Task NextChangeAsync() => Task.Delay(PeoplePage.LookInterval, Time, Left);

    /// <inheritdoc/>
    protected override async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        var reader = await Changing.FindAsync(cancellationToken);
        var audit = reader is null ? null : await Audit.OfPersonAsync(reader, Id, AuditCount, cancellationToken);
        _denied = audit is null;
        if (reader is not null && audit is not null)
        {
            _person = await Directory.FindAsync(reader, Id, cancellationToken);
            _signIns = await Directory.SignInsAsync(reader, Id, cancellationToken) ?? [];
            _keys = await Keys.ListAsync(reader, Id, cancellationToken) ?? [];
            _audit = audit;
        }

        _isRead = true;
        return !_denied;
    }

    private async Task EditAsync()
    {
        var person = _person!;
        var dialog = await Dialogs.ShowAsync<EditPersonDialog>(
            AccessText.Change,
            new DialogParameters<EditPersonDialog> { { one => one.Person, person }, { one => one.Teams, await Teams.ListAsync(Left) } },
            new DialogOptions { MaxWidth = MaxWidth.Small, FullWidth = true });
        if ((await dialog.Result)?.Data is not PersonChoice choice)
        {
            return;
        }

        var before = new PersonChoice(person.Role ?? Roles.Staff, person.Team);
        await MakeAsync(by => SetAsync(by, choice), AccessText.Changed(person.Name), () => MakeAsync(by => SetAsync(by, before), AccessText.Changed(person.Name), undo: null));
    }

    // The team first: a person who gives up their own role may change nothing afterwards.
    private async Task<PersonChange> SetAsync(ChangedBy by, PersonChoice choice)
    {
        var team = await Administration.SetTeamAsync(by, Id, choice.Team, CancellationToken.None);
        if (!team.Succeeded)
        {
            return team;
        }

        var role = await Administration.SetRoleAsync(by, Id, choice.Role, CancellationToken.None);
        return role is { Succeeded: true, IsUnchanged: true } ? team : role;
    }

    private async Task LockAsync()
    {
        var name = _person!.Name;
        if (await ConfirmDialog.AskAsync(Dialogs, AccessText.LockTitle, AccessText.LockFacts(name, IsSelf), AccessText.Lock))
        {
            await MakeAsync(by => Administration.LockAsync(by, Id, CancellationToken.None), AccessText.Locked(name), UnlockAsync);
        }
    }

    private Task UnlockAsync() => MakeAsync(
        by => Administration.UnlockAsync(by, Id, CancellationToken.None), AccessText.Unlocked(_person!.Name), undo: null);

    private async Task SignOutAsync()
    {
        var name = _person!.Name;
        if (await ConfirmDialog.AskAsync(Dialogs, AccessText.SignOutTitle, [AccessText.SignOutDetails(name, IsSelf)], AccessText.SignOutEverywhere))
        {
            await MakeAsync(by => Administration.SignOutEverywhereAsync(by, Id, CancellationToken.None), AccessText.SignedOutEverywhere(name), undo: null);
        }
    }

    private async Task DeleteAsync()
    {
        var name = _person!.Name;
        if (await ConfirmDialog.AskAsync(Dialogs, AccessText.DeleteTitle, AccessText.DeleteFacts(name, IsSelf), AccessText.Delete)
            && await MakeAsync(by => Administration.DeleteAsync(by, Id, CancellationToken.None), AccessText.Deleted(name), undo: null))
        {
            Navigation.NavigateTo("/admin/people");
        }
    }

    private async Task EraseAsync()
    {
        var name = _person!.Name;
        if (!await ConfirmDialog.AskAsync(Dialogs, AccessText.EraseTitle, AccessText.EraseFacts(name), AccessText.EraseData))
        {
            return;
        }

        try
        {
            await Reads.RecordAsync(User, AccessActions.RetentionChanged, Id, ownerId: null, "all conversations deleted", CancellationToken.None);
            if (await Erasure.RequestAsync(User.Id, Id, CancellationToken.None) is { } result)
            {
                Toasts.Say(AccessText.Erasing(result));
            }
        }
        catch (Exception exception)
        {
            AccessLog.Failed(Logger, exception);
            Toasts.Warn(AccessText.NotErased);
        }
    }

    private async Task EndAsync(SignInInfo signIn)
    {
        if (await ConfirmDialog.AskAsync(Dialogs, AccessText.EndSignInTitle, [AccessText.EndSignInDetails], AccessText.EndSignIn))
        {
            await MakeAsync(by => Administration.EndSignInAsync(by, Id, signIn.Id, CancellationToken.None), AccessText.SignInEnded, undo: null);
        }
    }

    private async Task RevokeAsync(ApiKeyInfo key)
    {
        if (await ConfirmDialog.AskAsync(Dialogs, AccessText.RevokeTitle, [AccessText.RevokeDetails(key.Name)], AccessText.Revoke))
        {
            await MakeAsync(by => Keys.RevokeAsync(by, key.Id, CancellationToken.None), AccessText.Revoked, undo: null);
        }
    }

    private async Task<bool> MakeAsync(Func<ChangedBy, Task<PersonChange>> change, string done, Func<Task>? undo)
    {
        var isMade = await AccessChange.MakeAsync(Changing, Toasts, Logger, change, done, undo);
        if (!IsLeft)
        {
            await RefreshAfterChangeAsync();
        }

        return isMade;
    }

    // The loop looks again anyway, and says what is wrong then.
    private async Task RefreshAfterChangeAsync()
    {
        try
        {
            await RefreshAsync();
        }
        catch (Exception exception)
        {
            AccessLog.Failed(Logger, exception);
        }
    }
}
