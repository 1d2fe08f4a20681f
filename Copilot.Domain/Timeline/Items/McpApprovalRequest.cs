using System.Text.Json;

namespace Copilot.Domain.Timeline.Items;

/// <summary>Reads the item by which an MCP server's call asks for approval.</summary>
public static class McpApprovalRequest
{
    /// <summary>The API's type of such an item.</summary>
    public const string ItemType = "mcp_approval_request";

    /// <summary>The id that answers an approval request.</summary>
    public static string? IdOf(HostedToolItem request) => Member(request, "id");

    /// <summary>The MCP server of an approval request.</summary>
    public static string ServerLabelOf(HostedToolItem request) => Member(request, "server_label") ?? "an MCP server";

    private static string? Member(HostedToolItem request, string name)
    {
        if (!request.Item.IsSet)
        {
            return null;
        }

        using var json = JsonDocument.Parse(request.Item.Current);
        return json.RootElement.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
    }
}
