<?php

// Asks the sidecar at the address given every question on standard input, one a line as JSON, and prints each decision.

declare(strict_types=1);

require __DIR__ . '/VerzetGate.php';

$gate = new Verzet\Gate($argv[1]);
while (($line = fgets(STDIN)) !== false) {
    $question = json_decode($line, true, flags: JSON_THROW_ON_ERROR);
    ['type' => $type, 'value' => $value] = $question['contactPoint'];
    $ask = ($question['claim'] ?? false) ? $gate->claim(...) : $gate->decide(...);
    $found = $ask(
        $type,
        $value,
        $question['channel'],
        $question['topic'],
        $question['brand'] ?? null,
        $question['campaign'] ?? null,
    );
    echo json_encode(array_filter(get_object_vars($found), static fn ($value) => $value !== null), JSON_UNESCAPED_SLASHES), "\n";
}
