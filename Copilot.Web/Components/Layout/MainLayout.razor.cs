using Copilot.Web.Components.Access.Permissions;
using System.Security.Claims;
using Copilot.Web.Components.Access;
using Copilot.Web.Components.FaultInjection;
using Copilot.Web.Components.Live;
using Copilot.Web.Components.Navigation;
using Copilot.Web.Identity;
using Copilot.Web.Options;
using Copilot.Web.Sessions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Options;
using Microsoft.JSInterop;
using MudBlazor;

namespace Copilot.Web.Components.Layout;

/// <summary>The shell around every page: history and navigation, the bar on top, dialogs and notices, and the keys that work everywhere.</summary>
public sealed partial class MainLayout : LayoutComponentBase, IAsyncDisposable
{
    private const string KeysAddress = "/account/keys";
    private const string PermissionsAddress = "/account/permissions";

    private ElementReference _stage;
    private ScriptModule? _script;
    private UserInfo? _user;
    private ElementReference _sidebar;
    private ElementReference _drawerButton;
    private bool _drawerOpen;
    private bool _drawerMoved;
    private bool _dialogOpen;
    private bool _hasLeft;

    [CascadingParameter]
    private Task<AuthenticationState>? Authentication { get; set; }

    [Inject]
    internal CurrentUser Current { get; set; } = null!;

    [Inject]
    internal FaultInjectionService Faults { get; set; } = null!;

    [Inject]
    private IOptions<DisplayOptions> Display { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private IJSRuntime Js { get; set; } = null!;

    [Inject]
    private IDialogService Dialogs { get; set; } = null!;

    private bool IsWallboard => IsSupervising && LivePage.IsWallboard(Navigation.Uri);

    private bool IsSupervising => _user?.Role is Roles.Supervisor or Roles.Admin;

    private bool CanBreak => Faults.IsOffered && _user?.Role == Roles.Admin;

    /// <summary>Opens the command palette, and does what is chosen in it.</summary>
    [JSInvokable("OpenPalette")]
    public async Task OpenPaletteAsync()
    {
        if (_user is null || _dialogOpen)
        {
            return;
        }

        var chosen = await ShowAsync<CommandPalette>(
            "",
            new DialogParameters<CommandPalette> { { one => one.User, _user }, { one => one.Commands, Commands(_user) } },
            new DialogOptions { MaxWidth = MaxWidth.Small, FullWidth = true, NoHeader = true, Position = DialogPosition.TopCenter });
        if (chosen?.Data is PaletteCommand command)
        {
            await command.Run();
        }
    }

    /// <summary>Opens the list of keys.</summary>
    [JSInvokable("OpenHelp")]
    public Task OpenHelpAsync() => _user is null || _dialogOpen
        ? Task.CompletedTask
        : ShowAsync<KeyboardHelp>(ShellText.Keyboard, [], new DialogOptions { MaxWidth = MaxWidth.Small, FullWidth = true });

    /// <summary>Takes the keys off the page.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_script is not null)
        {
            await _script.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _user = await Current.FindAsync(CancellationToken.None);
        if (_user is null)
        {
            Navigation.NavigateTo("signin", forceLoad: true);
            return;
        }

        _user = _user with
        {
            SeesCosts = _user.Role != Roles.Staff || Display.Value.StaffSeeCosts,
            SeesContext = _user.Role != Roles.Staff || Display.Value.StaffSeeContext,
        };
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_user is not null
            && Authentication is not null
            && (await Authentication).User.FindFirstValue(ClaimTypes.NameIdentifier) != _user.Id)
        {
            // The person has left: nothing of theirs stays on the screen.
            (_user, _hasLeft) = (null, true);
        }
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_drawerMoved)
        {
            _drawerMoved = false;
            await (_drawerOpen ? _sidebar : _drawerButton).FocusAsync();
        }

        if (_user is null || _script is not null)
        {
            return;
        }

        _script = new ScriptModule(Js, "./Components/Layout/MainLayout.razor.js");
        await _script.MountAsync(_stage, _script.ReferenceTo(this), _user.Id);
        var zone = await Current.SetTimeZoneAsync(_user, await _script.InvokeAsync<string>("timeZone"), CancellationToken.None);
        if (zone.Id != _user.TimeZone.Id)
        {
            _user = _user with { TimeZone = zone };
            StateHasChanged();
        }
    }

    private List<PaletteCommand> Commands(UserInfo user)
    {
        List<PaletteCommand> commands =
        [
            .. NavigationItems.For(user.Role).Select(item => new PaletteCommand(ShellText.GoTo, item.Text, item.Icon, () => GoAsync(item.Address))),
            new(ShellText.GoTo, AccessText.Keys, "key", () => GoAsync(KeysAddress)),
            new(ShellText.GoTo, PermissionText.Title, "shield", () => GoAsync(PermissionsAddress)),
            new(ShellText.Actions, ShellText.NewConversation, "plus", () => GoAsync("/")),
            new(ShellText.Actions, ShellText.LightTheme, "sun", () => ChooseThemeAsync("light")),
            new(ShellText.Actions, ShellText.DarkTheme, "moon", () => ChooseThemeAsync("dark")),
            new(ShellText.Actions, ShellText.SystemTheme, "half", () => ChooseThemeAsync("system")),
            new(ShellText.Actions, ShellText.KeyboardHelp, "keyboard", OpenHelpAsync, KeyboardKeys.Help),
        ];
        if (CanBreak)
        {
            commands.Add(new(ShellText.Actions, FaultInjectionText.MenuItem, "bolt", BreakItAsync));
        }

        commands.Add(new(ShellText.Actions, ShellText.SignOut, "exit", SignOutAsync));
        return commands;
    }

    private Task GoAsync(string address)
    {
        Navigation.NavigateTo(address);
        return Task.CompletedTask;
    }

    private Task ChooseThemeAsync(string choice) => _script?.InvokeVoidAsync("chooseTheme", choice) ?? Task.CompletedTask;

    // A form, because a link could be followed by accident or from another site.
    private Task SignOutAsync() => _script?.InvokeVoidAsync("signOut") ?? Task.CompletedTask;

    private async Task BreakItAsync() => await ShowAsync<FaultInjectionDialog>(
        FaultInjectionText.Title, [], new DialogOptions { MaxWidth = MaxWidth.Medium, FullWidth = true, CloseButton = true });

    // One at a time: a key that is pressed twice opens one dialog.
    private async Task<DialogResult?> ShowAsync<TDialog>(string title, DialogParameters parameters, DialogOptions options)
        where TDialog : ComponentBase
    {
        _dialogOpen = true;
        try
        {
            var dialog = await Dialogs.ShowAsync<TDialog>(title, parameters, options);
            return await dialog.Result;
        }
        finally
        {
            _dialogOpen = false;
        }
    }

    private void ShowDrawer(bool open) => (_drawerMoved, _drawerOpen) = (open != _drawerOpen, open);

    // The drawer closes itself when its scrim is clicked.
    private void DrawerMoved() => _drawerMoved = true;

    private void OnDrawerKey(KeyboardEventArgs key)
    {
        if (key.Key == "Escape" && _drawerOpen)
        {
            ShowDrawer(false);
        }
    }
}
