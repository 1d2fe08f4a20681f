namespace Copilot.Demo.Tools.Data;

/// <summary>The sample company's tables.</summary>
internal static class DemoSchema
{
    /// <summary>Stored in the file as <c>user_version</c>.</summary>
    public const int Version = 2;

    public const string Script = """
        CREATE TABLE customers (
            customer_id TEXT PRIMARY KEY,
            name        TEXT NOT NULL,
            city        TEXT NOT NULL,
            area        TEXT NOT NULL
        );
        CREATE TABLE sites (
            site_id     TEXT PRIMARY KEY,
            customer_id TEXT NOT NULL REFERENCES customers,
            name        TEXT NOT NULL,
            address     TEXT NOT NULL
        );
        CREATE INDEX ix_sites_customer ON sites (customer_id);
        CREATE TABLE contacts (
            contact_id  TEXT PRIMARY KEY,
            customer_id TEXT NOT NULL REFERENCES customers,
            name        TEXT NOT NULL,
            role        TEXT NOT NULL,
            phone       TEXT NOT NULL,
            email       TEXT NOT NULL
        );
        CREATE INDEX ix_contacts_customer ON contacts (customer_id);
        CREATE TABLE equipment (
            equipment_id TEXT PRIMARY KEY,
            customer_id  TEXT NOT NULL REFERENCES customers,
            site_id      TEXT NOT NULL REFERENCES sites,
            name         TEXT NOT NULL,
            skill        TEXT NOT NULL,
            serial       TEXT NOT NULL,
            installed    TEXT NOT NULL
        );
        CREATE INDEX ix_equipment_customer ON equipment (customer_id);
        CREATE TABLE notes (
            note_id     TEXT PRIMARY KEY,
            customer_id TEXT NOT NULL REFERENCES customers,
            note        TEXT NOT NULL,
            created_at  INTEGER NOT NULL
        );
        CREATE INDEX ix_notes_customer ON notes (customer_id, created_at);
        CREATE TABLE parts (
            part_id  TEXT PRIMARY KEY,
            sku      TEXT NOT NULL UNIQUE,
            name     TEXT NOT NULL,
            skill    TEXT NOT NULL,
            fits     TEXT NOT NULL,
            in_stock INTEGER NOT NULL CHECK (in_stock >= 0),
            location TEXT NOT NULL,
            pence    INTEGER NOT NULL
        );
        CREATE TABLE reservations (
            reservation_id TEXT PRIMARY KEY,
            part_id        TEXT NOT NULL REFERENCES parts,
            customer_id    TEXT NOT NULL REFERENCES customers,
            quantity       INTEGER NOT NULL CHECK (quantity > 0),
            created_at     INTEGER NOT NULL
        );
        CREATE TABLE technicians (
            technician_id TEXT PRIMARY KEY,
            number        INTEGER NOT NULL UNIQUE,
            name          TEXT NOT NULL,
            skills        TEXT NOT NULL,
            area          TEXT NOT NULL
        );
        CREATE TABLE slots (
            slot_id       TEXT PRIMARY KEY,
            technician_id TEXT NOT NULL REFERENCES technicians,
            starts_at     INTEGER NOT NULL,
            ends_at       INTEGER NOT NULL
        );
        CREATE INDEX ix_slots_starts_at ON slots (starts_at);
        CREATE TABLE bookings (
            booking_id     TEXT PRIMARY KEY,
            slot_id        TEXT NOT NULL UNIQUE REFERENCES slots,
            customer_id    TEXT NOT NULL REFERENCES customers,
            reservation_id TEXT REFERENCES reservations,
            notes          TEXT NOT NULL,
            created_at     INTEGER NOT NULL
        );
        CREATE TABLE calendar (
            only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
            open_to  TEXT NOT NULL
        );
        CREATE TABLE tool_results (
            run_id     TEXT NOT NULL,
            call_id    TEXT NOT NULL,
            tool       TEXT NOT NULL,
            result     TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            PRIMARY KEY (run_id, call_id)
        ) WITHOUT ROWID;
        """;

    /// <summary>Tables added in version 2; also run after <see cref="Script"/>.</summary>
    public const string Orders = """
        CREATE TABLE orders (
            order_id   TEXT PRIMARY KEY,
            part_id    TEXT NOT NULL REFERENCES parts,
            quantity   INTEGER NOT NULL CHECK (quantity > 0),
            pence      INTEGER NOT NULL,
            due_on     TEXT NOT NULL,
            created_at INTEGER NOT NULL
        );
        CREATE INDEX ix_orders_created_at ON orders (created_at);
        """;
}
