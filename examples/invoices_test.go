// Plain HTTP in Go. Run: `polar-mock exec -- go test ./...` in a module (`go mod init invoices` makes one).
package invoices

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"testing"
)

// World is what the mock's control API tells of a world.
type World struct {
	ID     string            `json:"id"`
	IDs    map[string]string `json:"ids"`
	Tokens map[string]string `json:"tokens"`
}

// call sends JSON, requires the status, and reads the answer into the value that `answer` points to.
func call(t *testing.T, method, url, token, body string, status int, answer any) {
	t.Helper()
	request, err := http.NewRequest(method, url, bytes.NewBufferString(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	// Only the control API of a mock that other machines can reach wants the key.
	request.Header.Set("X-Mock-Key", os.Getenv("POLAR_MOCK_KEY"))
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != status {
		t.Fatalf("%s %s: %d, not %d", method, url, response.StatusCode, status)
	}
	if answer != nil {
		if err := json.NewDecoder(response.Body).Decode(answer); err != nil {
			t.Fatal(err)
		}
	}
}

// newWorld creates a world that no other test sees, and removes it after the test.
func newWorld(t *testing.T) World {
	t.Helper()
	var world World
	worlds := os.Getenv("POLAR_CONTROL_URL") + "/worlds"
	call(t, "POST", worlds, "", `{"scenario": "demo"}`, 201, &world)
	t.Cleanup(func() { call(t, "DELETE", worlds+"/"+world.ID, "", "", 204, nil) })
	return world
}

func invoiceURL(world World, order string) string {
	return os.Getenv("POLAR_SERVER_URL") + "/v1/customer-portal/orders/" + world.IDs["order:"+order] + "/invoice"
}

func TestAnInvoiceIsReadyAfterAFewSeconds(t *testing.T) {
	t.Parallel()
	world := newWorld(t)
	url, token := invoiceURL(world, "paid"), world.Tokens["customer"]

	call(t, "POST", url, token, "", 202, nil)
	clock := os.Getenv("POLAR_CONTROL_URL") + "/worlds/" + world.ID + "/clock"
	call(t, "PATCH", clock, "", `{"advance_seconds": 3}`, 200, nil)

	var invoice struct{ URL string }
	call(t, "GET", url, token, "", 200, &invoice)
	if invoice.URL == "" {
		t.Fatal("the invoice has no URL")
	}
}

func TestAnUnpaidOrderHasNoInvoice(t *testing.T) {
	t.Parallel()
	world := newWorld(t)

	var refusal struct{ Error string }
	call(t, "POST", invoiceURL(world, "unpaid"), world.Tokens["customer"], "", 422, &refusal)
	if refusal.Error != "NotPaidOrder" {
		t.Fatalf("the error is %s", refusal.Error)
	}
}
