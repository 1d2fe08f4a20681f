using System.Globalization;
using Copilot.Web.Components.Access;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Runs;
using Copilot.Web.Sessions;
using Copilot.Web.Supervision.Rules;
using Microsoft.AspNetCore.Components;

namespace Copilot.Web.Components.Rules;

/// <summary>The rules about runs that the reader supervises: what each watches for, who wrote it, when it fired last.</summary>
public sealed partial class RulesPage(TimeProvider time, ILogger<RulesPage> logger) : WatchingPage(time, logger)
{
    private IReadOnlyList<Rule>? _rules;
    private IReadOnlyList<Team> _teams = [];
    private Rule? _edited;
    private bool _isWriting;
    private bool _denied;

    [CascadingParameter]
    internal UserInfo User { get; set; } = null!;

    /// <inheritdoc/>
    protected override Task NextChangeAsync() => Rules.Changed;

    /// <inheritdoc/>
    protected override async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        var reader = await Current.FindAsync(cancellationToken);
        _rules = reader is null ? null : await Rules.ReadAsync(reader.Id, cancellationToken);
        _denied = _rules is null;
        _teams = _denied ? [] : await AllTeams.ListAsync(cancellationToken);
        return !_denied;
    }

    private static string Address(Rule rule) => AddressOf(rule.FiredRunId, rule.FiredSeq);

    private static string UndecidedAddress(Rule rule) => AddressOf(rule.UndecidedRunId, rule.UndecidedSeq);

    private static string AddressOf(string? runId, long? seq) => string.Create(CultureInfo.InvariantCulture, $"/runs/{runId}?seq={seq}");

    private string Sentence(Rule rule) => SupervisionRulesText.Sentence(
        rule.What, tool => Titles.All.GetValueOrDefault(tool, tool), _teams.FirstOrDefault(team => team.Id == rule.What.TeamId)?.Name ?? rule.What.TeamId, Prices.Currency);

    private void Write(Rule? rule) => (_isWriting, _edited) = (true, rule);

    private void Close() => (_isWriting, _edited) = (false, null);

    private async Task<CommandResult> SaveAsync(RuleDraft draft)
    {
        var result = await ChangeAsync((by, token) => _edited is { } edited ? Rules.ChangeAsync(by, edited.What.Id, draft, token) : Rules.CreateAsync(by, draft, token));
        if (result.Accepted)
        {
            Toasts.Say(draft.IsOn ? RulesText.Saved : RulesText.SavedOff);
        }

        return result;
    }

    private async Task SwitchAsync(Rule rule) => Report(await ChangeAsync((by, token) => Rules.SwitchAsync(by, rule.What.Id, !rule.IsOn, token)), done: null);

    private async Task RemoveAsync(Rule rule)
    {
        if (await ConfirmDialog.AskAsync(Dialogs, RulesText.RemoveTitle(rule.What.Name), [RulesText.RemoveDetails], RulesText.Remove))
        {
            Report(await ChangeAsync((by, token) => Rules.RemoveAsync(by, rule.What.Id, token)), RulesText.Removed);
        }
    }

    private void Report(CommandResult result, string? done)
    {
        if (!result.Accepted)
        {
            Toasts.Warn(result.Problem ?? RulesText.NotDone);
        }
        else if (done is not null)
        {
            Toasts.Say(done);
        }
    }

    private Task<CommandResult> ChangeAsync(Func<ChangedBy, CancellationToken, Task<RuleChange>> change) => StorageTimeout.RunAsync(
        Time,
        SessionText.CommandSlow,
        async token => await Changing.FindAsync(token) is { } by
            ? (await change(by, token)).Result
            : CommandResult.Refused(RefusalCode.Denied, RulesText.SignedOut),
        Left);
}
