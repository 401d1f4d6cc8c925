<?php
require_once 'lib.php';
$store = new UserStore();
$store->find($_GET['name']);
run_it($_GET['cmd']);
