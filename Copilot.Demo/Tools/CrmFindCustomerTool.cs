using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Copilot.Demo.Tools.Data;
using Copilot.Domain.Tools;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Copilot.Demo.Tools;

internal sealed record CrmFindCustomer(
    [Description("Words for the customer: name, city, contact person or equipment")]
    [StringLength(200, MinimumLength = 1)]
    string Query);

internal sealed class CrmFindCustomerTool(DemoDatabase database, IOptions<DemoToolsOptions> options, TimeProvider time)
    : DemoReadTool<CrmFindCustomer>(database, options, time)
{
    private const int Limit = 5;
    private const int NotesShown = 3;

    public override ToolDefinition Definition { get; } =
        Define("crm_find_customer", "Finds customers, with their contacts, sites, equipment and latest notes. Best matches first.")
        with { Title = "Find a customer", ReadOnly = true, Parallel = true, Idempotent = true };

    protected override Task<string> ReadAsync(CrmFindCustomer arguments, CancellationToken cancellationToken)
    {
        return Task.FromResult(Database.Read(connection =>
        {
            var rows = connection.All(
                """
                SELECT c.customer_id, c.name, c.city, c.area,
                    (SELECT group_concat(name || ' ' || serial, ' ') FROM equipment WHERE customer_id = c.customer_id) || ' ' ||
                    (SELECT group_concat(name, ' ') FROM contacts WHERE customer_id = c.customer_id) || ' ' ||
                    (SELECT group_concat(name || ' ' || address, ' ') FROM sites WHERE customer_id = c.customer_id)
                FROM customers c ORDER BY c.customer_id
                """,
                row => new Row(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4)));
            var hits = DemoSearch.Rank(
                arguments.Query, rows, row => $"{row.Name} {row.CustomerId}", row => $"{row.City} {row.Area} {row.Text}");
            return DemoJson.Write(new Found([.. hits.Take(Limit).Select(hit => Whole(connection, hit))], hits.Count));
        }));
    }

    private static Customer Whole(SqliteConnection connection, Row row)
    {
        var customer = ("$customer", (object?)row.CustomerId);
        return new Customer(
            row.CustomerId,
            row.Name,
            row.City,
            row.Area,
            connection.All(
                "SELECT name, role, phone, email FROM contacts WHERE customer_id = $customer ORDER BY contact_id",
                contact => new Contact(contact.GetString(0), contact.GetString(1), contact.GetString(2), contact.GetString(3)),
                customer),
            connection.All(
                "SELECT name, address FROM sites WHERE customer_id = $customer ORDER BY site_id",
                site => new Site(site.GetString(0), site.GetString(1)),
                customer),
            connection.All(
                """
                SELECT e.equipment_id, e.name, e.skill, e.serial, s.name, e.installed
                FROM equipment e JOIN sites s USING (site_id)
                WHERE e.customer_id = $customer ORDER BY e.equipment_id
                """,
                item => new Equipment(
                    item.GetString(0), item.GetString(1), item.GetString(2), item.GetString(3), item.GetString(4), item.GetString(5)),
                customer),
            connection.All(
                "SELECT note, created_at FROM notes WHERE customer_id = $customer ORDER BY created_at DESC, note_id DESC LIMIT $limit",
                note => new Note(note.GetString(0), DemoTime.ToText(note.GetInt64(1))),
                customer,
                ("$limit", NotesShown)));
    }

    private sealed record Row(string CustomerId, string Name, string City, string Area, string Text);

    private sealed record Found(IReadOnlyList<Customer> Customers, int Total);

    private sealed record Customer(
        string CustomerId,
        string Name,
        string City,
        string Area,
        IReadOnlyList<Contact> Contacts,
        IReadOnlyList<Site> Sites,
        IReadOnlyList<Equipment> Equipment,
        IReadOnlyList<Note> Notes);

    private sealed record Contact(string Name, string Role, string Phone, string Email);

    private sealed record Site(string Name, string Address);

    private sealed record Equipment(string EquipmentId, string Name, string Skill, string Serial, string Site, string Installed);

    private sealed record Note(string Text, string CreatedAt);
}
