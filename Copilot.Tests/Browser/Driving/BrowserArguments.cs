namespace Copilot.Tests.Browser.Driving;

/// <summary>How Chromium is started where it is driven: without a screen, without asking anybody on the internet for anything.</summary>
internal static class BrowserArguments
{
    // Each window would have the suggestions of an address bar drawn, which nobody sees: two more pages for every page.
    private const string AddressBar = "WebUIOmniboxPopup,WebUIOmniboxAimPopup";

    // The driver's own list, which the last one given replaces.
    private const string Driver =
        "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,DialMediaRouteProvider,GlobalMediaControls,HttpsUpgrades,LensOverlay,"
        + "MediaRouter,PaintHolding,ThirdPartyStoragePartitioning,BlockOriginHeaderModificationOnRedirect,AvoidCorsURLLoaderRestartOnRedirect,"
        + "Translate,AutoDeElevate,OptimizationHints,NetworkTimeServiceQuerying,AimEnabled";

    /// <summary>The arguments.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync", $"--disable-features={Driver},{AddressBar}",
    ];
}
