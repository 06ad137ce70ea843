<?php
// Plain HTTP in PHP, without a library. Run: `polar-mock exec -- php invoices.php`
declare(strict_types=1);

/** Send JSON; the status and the decoded answer. */
function call(string $method, string $url, ?string $token = null, ?array $body = null): array
{
    // Only the control API of a mock that other machines can reach wants the key.
    $headers = ['Content-Type: application/json', 'X-Mock-Key: ' . getenv('POLAR_MOCK_KEY')];
    if ($token !== null) {
        $headers[] = "Authorization: Bearer $token";
    }
    $content = $body === null ? '' : json_encode((object) $body);
    $http = ['method' => $method, 'header' => $headers, 'content' => $content, 'ignore_errors' => true];
    $answer = file_get_contents($url, false, stream_context_create(['http' => $http]));
    return [(int) explode(' ', $http_response_header[0])[1], json_decode($answer)];
}

function expect(mixed $found, mixed $wanted): void
{
    if ($found !== $wanted) {
        throw new Exception('found ' . json_encode($found) . ', wanted ' . json_encode($wanted));
    }
}

$server = getenv('POLAR_SERVER_URL');
$control = getenv('POLAR_CONTROL_URL');
$invoiceOf = fn (object $world, string $order): string
    => "$server/v1/customer-portal/orders/{$world->ids->{"order:$order"}}/invoice";

$tests = [
    'an invoice is ready after a few seconds' => function (object $world) use ($control, $invoiceOf): void {
        $url = $invoiceOf($world, 'paid');
        expect(call('POST', $url, $world->tokens->customer)[0], 202);
        expect(call('PATCH', "$control/worlds/$world->id/clock", body: ['advance_seconds' => 3])[0], 200);
        expect(call('GET', $url, $world->tokens->customer)[0], 200);
    },
    'an unpaid order has no invoice' => function (object $world) use ($invoiceOf): void {
        [$status, $refusal] = call('POST', $invoiceOf($world, 'unpaid'), $world->tokens->customer);
        expect([$status, $refusal->error], [422, 'NotPaidOrder']);
    },
];

$failed = 0;
foreach ($tests as $name => $test) {
    [, $world] = call('POST', "$control/worlds", body: ['scenario' => 'demo']);
    try {
        $test($world);
        echo "ok      $name\n";
    } catch (Exception $error) {
        $failed++;
        echo "failed  $name: {$error->getMessage()}\n";
    }
    call('DELETE', "$control/worlds/$world->id");
}
exit($failed === 0 ? 0 : 1);
