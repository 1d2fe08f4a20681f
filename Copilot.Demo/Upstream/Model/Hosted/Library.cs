using System.Collections.Immutable;

namespace Copilot.Demo.Upstream.Model.Hosted;

/// <summary>The few pages and manuals that this server knows. Their hosts are reserved for examples.</summary>
internal static class Library
{
    public static ImmutableArray<(string Url, string Title, string Says)> Pages { get; } =
    [
        ("https://www.example.com/service/pump-maintenance", "Pump maintenance at a glance", "Cooling pumps run longest when their seals are checked every six months"),
        ("https://www.example.org/notices/seal-kits", "Notice on seal kits", "seal kits made before 2024 should be replaced at the next visit"),
        ("https://www.example.net/guides/field-service", "A field service guide", "a visit that has the right part on board is done in one go four times out of five"),
    ];

    public static ImmutableArray<(string FileId, string Name, string Text)> Manuals { get; } =
    [
        ("file-demo-cp40", "Cooling pump CP-40 manual.pdf", "7.2 Priming. Close the outlet valve, fill the housing until water leaves the vent, close the vent, start the pump and open the outlet slowly."),
        ("file-demo-bl7", "Boiler BL-7 service handbook.pdf", "4.1 Pressure. Keep 1.2 to 1.8 bar when cold. Below 0.8 bar the burner locks out; refill and vent before resetting."),
        ("file-demo-hv2", "Ventilation HV-2 quick guide.pdf", "Filters. Change both filters together twice a year; the arrow on the frame points with the air."),
        ("file-demo-safe", "Safety rules on site.pdf", "Before opening any housing: switch off, lock out, check that there is no voltage, let hot parts cool for thirty minutes."),
    ];

    /// <summary>The manuals ranked by how many query words they contain.</summary>
    public static ImmutableArray<PlannedHit> Search(string query)
    {
        var words = query.Split([' ', ',', '.', '?', '!', '"', '\''], StringSplitOptions.RemoveEmptyEntries)
            .Where(word => word.Length > 3).Select(word => word.TrimEnd('s')).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        return
        [
            .. Manuals
                .Select(manual => (Manual: manual, Found: words.Count(word =>
                    $"{manual.Name} {manual.Text}".Contains(word, StringComparison.OrdinalIgnoreCase))))
                .Where(hit => hit.Found > 0)
                .OrderByDescending(hit => hit.Found)
                .Select(hit => new PlannedHit(
                    hit.Manual.FileId, hit.Manual.Name, Math.Round(0.35 + (0.6 * hit.Found / words.Count), 2), hit.Manual.Text)),
        ];
    }
}
