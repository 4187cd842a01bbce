package adit.server.admin;

import javax.sql.DataSource;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import adit.server.firmware.FirmwareShelf;

/// What answers are read from: the books, what miners' screens say just now, and the meters.
public record AdminSources(
        DataSource database, FirmwareShelf firmware, PrometheusMeterRegistry registry) {}
